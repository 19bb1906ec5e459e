import { join } from 'node:path';
import { createParseReads } from '../context/index.js';
import type { ChemflowError } from '../error/index.js';
import type { EventSink, Invocation, Manifest, Project, RunEvent } from '../types/index.js';
import { valueOf } from './environment.js';
import { findParse, keptParse, openParse, saveParse } from './manifest-cache.js';
import { keptReads, parseFingerprint } from './parse-fingerprint.js';
import { readProjectFiles, type ProjectFiles } from './project-files.js';

/** Name of the file in the folder for artifacts that keeps what was parsed. */
export const manifestCacheName = 'manifest_cache.json';

/** Is the cache wanted: by the command line, by DBT_PARTIAL_PARSE, by `flags:` of the project? It is unless told otherwise. */
export function wantsCache(project: Project, asked: boolean | undefined): boolean {
  const flag = asked ?? valueOf(project.env, 'DBT_PARTIAL_PARSE') ?? project.root.flags['partial_parse'] ?? true;
  return !/^(?:false|0|no|off|f|n)$/i.test(String(flag));
}

/** What a manifest is read with. */
export interface ManifestReading {
  readonly project: Project;
  readonly invocation: Invocation;
  readonly sink: EventSink;
  /** Errors of the project file, to be thrown with those of the rest. */
  readonly found?: readonly ChemflowError[] | undefined;
  readonly useCache: boolean;
}

/**
 * The manifest of a project: parsed, or as it was parsed before where nothing that a parse depends upon has changed since. Both are the same to the byte, and
 * tell the same warnings. Only a parse without errors is kept, and none that depends on the moment. Throws as parseProject() does.
 */
export async function readManifest(reading: ManifestReading): Promise<Manifest> {
  const { project, invocation, sink, found = [], useCache } = reading;
  if (!useCache || found.length > 0)
    return (await import('./parse-project.js')).parseProject(project, invocation, sink, found);
  const path = join(project.targetPath, manifestCacheName);
  const files = readProjectFiles(project);
  const kept = findParse(path);
  if (kept !== undefined && kept.fingerprint === parseFingerprint(project, invocation, files, kept.reads)) {
    const parse = kept.open(files, createdAt(invocation));
    if (parse !== undefined) {
      parse.events.forEach(sink);
      return parse.manifest;
    }
  }
  return parseAndKeep(reading, path, files);
}

function createdAt(invocation: Invocation): number {
  return invocation.startedAt.getTime() / 1000;
}

async function parseAndKeep(reading: ManifestReading, path: string, files: ProjectFiles): Promise<Manifest> {
  const { parseProject } = await import('./parse-project.js');
  const { project, invocation } = reading;
  const reads = createParseReads();
  const events: RunEvent[] = [];
  const sink = (event: RunEvent): void => {
    events.push(event);
    reading.sink(event);
  };
  const manifest = parseProject(project, invocation, sink, [], reads);
  if (reads.isOfTheMoment || hasUnkeepableNumber(files)) return manifest;
  const kept = keptReads(reads);
  const fingerprint = parseFingerprint(project, invocation, files, kept);
  const body = keptParse(manifest, events);
  // A file that was edited in the meantime may have been parsed in its new form.
  if (fingerprint === parseFingerprint(project, invocation, readProjectFiles(project), kept))
    saveParse(path, fingerprint, kept, body);
  return openParse(body, files, createdAt(invocation)).manifest;
}

/** YAML can write numbers that JSON cannot. */
function hasUnkeepableNumber(files: ProjectFiles): boolean {
  return [...files.contents].some(
    ([name, content]) => /\.ya?ml$/.test(name) && /\.(?:inf|nan)\b/i.test(content.toString()),
  );
}
