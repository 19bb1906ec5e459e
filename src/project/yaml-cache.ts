import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeAtomically } from '../artifact/index.js';
import type { Json } from '../types/index.js';
import { chemflowYamlVersion, readYaml, type YamlFile } from './yaml-file.js';

/** What is kept of a YAML text: its value, and the line of every key and list entry in the order of a walk through the value. */
interface Kept {
  readonly value: Json;
  readonly lines: readonly number[];
}

/** Reads YAML files, from the cache where a text was read before. */
export interface YamlReader {
  read(file: string, text: string): YamlFile;
  /** Writes the cache if something in it has changed; a folder that cannot be written is no error. */
  save(): void;
}

/**
 * Reading YAML with the places of everything is the longest part of parsing a project, so values are kept by the hash of their text:
 * a stale entry can only be missed, never be wrong. Only texts without errors are kept; places of errors are looked up in the text itself.
 */
export function createYamlReader(path: string): YamlReader {
  const known = load(path);
  const used: Record<string, Kept> = {};
  let hasChanged = false;
  return {
    read: (file, text) => {
      const key = createHash('sha1').update(text).digest('base64');
      const kept = known[key];
      if (kept !== undefined) {
        used[key] = kept;
        return fromKept(file, text, kept);
      }
      const read = readYaml(file, text);
      used[key] = { value: read.value, lines: read.lines() };
      hasChanged = true;
      return read;
    },
    save: () => {
      if (!hasChanged && Object.keys(used).length === Object.keys(known).length) return;
      try {
        writeAtomically(path, JSON.stringify({ version: chemflowYamlVersion, files: used }));
      } catch {
        // Without a cache the next command is a little slower, and nothing else.
      }
    },
  };
}

function load(path: string): Readonly<Record<string, Kept>> {
  try {
    const cache = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown; files?: Record<string, Kept> };
    return cache.version === chemflowYamlVersion && cache.files !== undefined ? cache.files : {};
  } catch {
    return {};
  }
}

function fromKept(file: string, text: string, kept: Kept): YamlFile {
  let full: YamlFile | undefined;
  let index: Map<string, number> | undefined;
  const read = (): YamlFile => (full ??= readYaml(file, text));
  return {
    file,
    text,
    value: kept.value,
    placeOf: (path) => read().placeOf(path),
    lines: () => kept.lines,
    lineOf: (path) => {
      if (index === undefined) {
        const made = new Map<string, number>();
        walkYaml(kept.value, '', (at) => made.set(at, kept.lines[made.size] ?? 1));
        index = made;
      }
      return index.get(path.map((step) => `/${step}`).join('')) ?? read().lineOf(path);
    },
  };
}

/** Goes through a value, parents first; each part is visited with its path, a slash before each step. */
export function walkYaml(value: Json, at: string, visit: (at: string) => void): void {
  if (Array.isArray(value))
    (value as readonly Json[]).forEach((item, position) => {
      visit(`${at}/${position}`);
      walkYaml(item, `${at}/${position}`, visit);
    });
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) {
      visit(`${at}/${key}`);
      walkYaml(item, `${at}/${key}`, visit);
    }
}
