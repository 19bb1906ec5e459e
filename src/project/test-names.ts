import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../types/index.js';
import { pythonRepr, pythonText } from '../util/python-text.js';

function md5(text: string): string {
  return hash('md5', text, 'hex');
}

/** The two names of a generic test. */
export interface TestNames {
  /** Of the id and the fully qualified name. */
  readonly full: string;
  /** Of the compiled file and the alias: at most 63 characters. */
  readonly short: string;
}

/**
 * The name of a generic test by dbt's rule: test, tested resource and argument values, in the order of the arguments' names;
 * from 64 characters on, the short name is the beginning and a hash of the whole.
 */
export function testNames(testName: string, testedName: string, args: JsonObject): TestNames {
  const parts: string[] = [];
  for (const key of Object.keys(args).sort()) {
    if (key === 'model') continue;
    const value = args[key] as Json;
    if (Array.isArray(value)) parts.push(...(value as readonly Json[]).map(pythonText));
    else if (typeof value === 'object' && value !== null) parts.push(...Object.values(value).map(pythonText));
    else parts.push(pythonText(value));
  }
  const identifier = `${testName}_${testedName}`;
  const full = `${identifier}_${parts.map((part) => part.replaceAll(/[^0-9a-zA-Z_]+/g, '_')).join('__')}`;
  return { full, short: full.length >= 64 ? `${identifier.slice(0, 30)}_${md5(full)}` : full };
}

function hashable(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(hashable);
  if (typeof value !== 'object' || value === null) return pythonText(value);
  const fields = value as JsonObject;
  return Object.fromEntries(
    Object.keys(fields)
      .sort()
      .map((key) => [key, hashable(fields[key] ?? null)]),
  );
}

/** The ten hexadecimal digits that end a generic test's id, by dbt's rule. */
export function testHash(
  name: string,
  metadata: { readonly name: string; readonly namespace: string | null; readonly kwargs: JsonObject },
): string {
  return md5(name + pythonRepr(hashable({ ...metadata }))).slice(-10);
}
