import type { Node, ScalarTag } from 'yaml';
import { ChemflowError, placeAt, type Place } from '../error/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { yamlPackage } from '../util/yaml-package.js';

/** The keys and positions that lead to a value of a YAML file. */
export type YamlPath = readonly (string | number)[];

/** A YAML file as read: its value, and where in the text each part of it stands. */
export interface YamlFile {
  /** Path as shown to the user. */
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  /** Place of a value's key (or list entry); of the nearest thing above it where there is no such value. */
  placeOf(path: YamlPath): Place;
  /** Line on which that stands. */
  lineOf(path: YamlPath): number;
  /** The lines of every key and list entry, in the order of a walk through the value, parents first. */
  lines(): readonly number[];
}

/** `yes`, `no`, `on` and `off` are booleans to dbt's YAML, which is 1.1; the rest is 1.2. */
const wordyBoolean: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|on)/i.test(text),
};

function offsetOf(root: Node | null, path: YamlPath): number {
  const { isAlias, isMap, isScalar, isSeq } = yamlPackage();
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const step of path) {
    if (isAlias(node) || node === null) break;
    if (isMap(node)) {
      const pair = node.items.find(
        (candidate) => isScalar(candidate.key) && String(candidate.key.value) === String(step),
      );
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

/** Changes when the same text would be read differently than before. */
export const chemflowYamlVersion = 1;

/** Reads YAML text; throws `PARSE.YAML` with the place of what is wrong. */
export function readYaml(file: string, text: string): YamlFile {
  const { LineCounter, parseDocument } = yamlPackage();
  const counter = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    prettyErrors: false,
    customTags: (tags) => [...tags, wordyBoolean],
    lineCounter: counter,
  });
  const [error] = document.errors;
  if (error !== undefined)
    throw new ChemflowError({
      code: 'PARSE.YAML',
      message: `This is not YAML: ${error.message.replace(/\.?$/, '.')}`,
      hint:
        error.code === 'DUPLICATE_KEY'
          ? 'join the two, or take one away'
          : 'look at the indentation here and in the line before, and quote a value that has ": ", "#" or begins with {, [, @ or %',
      place: placeAt(file, text, error.pos[0]),
    });
  const value = document.toJS({ maxAliasCount: 10_000 }) as Json;
  const lineOf = (path: YamlPath): number => counter.linePos(offsetOf(document.contents, path)).line;
  return {
    file,
    text,
    value,
    placeOf: (path) => placeAt(file, text, offsetOf(document.contents, path)),
    lineOf,
    lines: () => linesOf(value, lineOf),
  };
}

function linesOf(value: Json, lineOf: (path: YamlPath) => number): number[] {
  const lines: number[] = [];
  const walk = (inner: Json, path: YamlPath): void => {
    const steps = Array.isArray(inner) ? inner.keys() : isObject(inner) ? Object.keys(inner) : [];
    for (const step of steps) {
      const at = [...path, step];
      lines.push(lineOf(at));
      walk((inner as Readonly<Record<string | number, Json>>)[step] ?? null, at);
    }
  };
  walk(value, []);
  return lines;
}

/** Is it a mapping? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Has the text a Jinja tag? */
export function hasJinja(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
