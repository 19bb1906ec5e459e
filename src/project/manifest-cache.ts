import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeAtomically } from '../artifact/index.js';
import type { Manifest, RunEvent } from '../types/index.js';
import type { KeptReads } from './parse-fingerprint.js';
import type { ProjectFiles } from './project-files.js';

/** What a parse gave, but for the texts of files, which are read anyway to see whether they have changed. */
interface KeptParse {
  readonly manifest: Omit<Manifest, 'files'>;
  /** Paths of the files whose texts the manifest has. */
  readonly files: readonly string[];
  /** Warnings and what templates logged, to be told again. */
  readonly events: readonly RunEvent[];
}

/** A cached parse that was found; it is read no further until its fingerprint is known to be right. */
export interface FoundParse {
  readonly fingerprint: string;
  readonly reads: KeptReads;
  /** The parse itself, as of `createdAt` (seconds since 1970); undefined where the file is damaged. */
  open(
    files: ProjectFiles,
    createdAt: number,
  ): { readonly manifest: Manifest; readonly events: readonly RunEvent[] } | undefined;
}

interface Header {
  readonly fingerprint: string;
  readonly reads: KeptReads;
  readonly checksum: string;
}

function checksumOf(body: string): string {
  return createHash('sha1').update(body).digest('base64');
}

/** The text of a parse for the cache. */
export function keptParse(manifest: Manifest, events: readonly RunEvent[]): string {
  const { files, ...rest } = manifest;
  return JSON.stringify({ manifest: rest, files: Object.keys(files), events } satisfies KeptParse);
}

/** The manifest and the events of a parse's text. */
export function openParse(
  body: string,
  files: ProjectFiles,
  createdAt: number,
): { readonly manifest: Manifest; readonly events: readonly RunEvent[] } {
  const kept = JSON.parse(body) as KeptParse;
  const texts = Object.fromEntries(kept.files.map((name) => [name, files.textOf(name) ?? '']));
  const { nodes, sources, exposures, unitTests, disabled } = kept.manifest;
  for (const part of [nodes, sources, exposures, unitTests, disabled])
    for (const resource of Object.values(part) as { created_at?: number }[])
      if (resource.created_at !== undefined) resource.created_at = createdAt;
  return { manifest: { ...kept.manifest, files: texts }, events: kept.events };
}

/** Looks for a cached parse; undefined where there is none, or its file is damaged. */
export function findParse(path: string): FoundParse | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const end = text.indexOf('\n');
    const header = JSON.parse(text.slice(0, end)) as Header;
    return {
      ...header,
      open: (files, createdAt) => {
        const body = text.slice(end + 1);
        return checksumOf(body) === header.checksum ? openParse(body, files, createdAt) : undefined;
      },
    };
  } catch {
    return undefined;
  }
}

/** Keeps a parse; a folder that cannot be written is no error. */
export function saveParse(path: string, fingerprint: string, reads: KeptReads, body: string): void {
  const header: Header = { fingerprint, reads, checksum: checksumOf(body) };
  try {
    writeAtomically(path, `${JSON.stringify(header)}\n${body}`);
  } catch {
    // Without a cache the next command is slower, and nothing else.
  }
}
