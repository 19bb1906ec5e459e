import { ChemflowError, didYouMean } from '../error/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { isObject, type YamlFile, type YamlPath } from './yaml-file.js';

/** The kinds of value that a YAML key may have; `texts` is one text or a list of them, `any` is not looked at. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'texts' | 'list' | 'mapping' | 'mappings' | 'scalar' | 'any';

/** The kinds in words. */
export const words: Readonly<Record<ValueKind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  texts: 'a text or a list of texts',
  list: 'a list',
  mapping: 'a mapping',
  mappings: 'a list of mappings',
  scalar: 'a single value',
  any: 'anything',
};

/** Has a value this kind? Jinja that was not rendered yet may become anything. */
export function isKind(value: Json, kind: ValueKind): boolean {
  if (typeof value === 'string' && value.includes('{{')) return true;
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'texts':
      return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item !== 'object'));
    case 'list':
      return Array.isArray(value);
    case 'mapping':
      return isObject(value);
    case 'mappings':
      return Array.isArray(value) && value.every(isObject);
    case 'scalar':
      return typeof value !== 'object';
    case 'any':
      return true;
  }
}

/** What a value is, in words. */
export function kindOf(value: Json): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'a mapping';
  return typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number' : 'true or false';
}

/** Receives the errors of a file instead of stopping at the first. */
export type Report = (error: ChemflowError) => void;

/** How strictly unknown keys are taken: an error in a chemflow project, nothing in a dbt one (where only near misses are told as warnings by the caller). */
export interface ShapeCheck {
  readonly file: YamlFile;
  readonly path: YamlPath;
  /** What the mapping is, for the sentence: `model "x"`. */
  readonly what: string;
  readonly report: Report;
  readonly unknownKeys: Report;
}

/** Checks a mapping's keys and the kinds of their values; null is taken as absent. Reports every error. */
export function checkShape(value: JsonObject, shape: Readonly<Record<string, ValueKind>>, check: ShapeCheck): void {
  for (const [key, inner] of Object.entries(value)) {
    const kind = shape[key];
    const place = (): ReturnType<YamlFile['placeOf']> => check.file.placeOf([...check.path, key]);
    if (kind === undefined) {
      check.unknownKeys(
        new ChemflowError({
          code: 'PARSE.UNKNOWN_KEY',
          message: `"${key}" is no key of ${check.what}.`,
          hint:
            didYouMean(key, Object.keys(shape)) ?? `keys are ${Object.keys(shape).join(', ')}; your own go under meta:`,
          place: place(),
        }),
      );
    } else if (inner !== null && !isKind(inner, kind)) {
      check.report(
        new ChemflowError({
          code: 'PARSE.SHAPE',
          message: `"${key}" of ${check.what} must be ${words[kind]}, but is ${kindOf(inner)}.`,
          place: place(),
        }),
      );
    }
  }
}
