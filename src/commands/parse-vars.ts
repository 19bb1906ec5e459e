import { ChemflowError } from '../error/index.js';
import type { JsonObject } from '../types/index.js';
import { yamlPackage } from '../util/yaml-package.js';

/** `--vars` as an object: YAML or JSON, as in dbt; throws CLI.VARS where it is anything else. */
export function parseVars(text: string | undefined): JsonObject {
  if (text === undefined || text.trim() === '') return {};
  let value: unknown;
  try {
    value = yamlPackage().parse(text) as unknown;
  } catch (error) {
    throw new ChemflowError({
      code: 'CLI.VARS',
      message: `--vars is not YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      hint: `write --vars '{as_of: 2026-03-01}'`,
      cause: error,
    });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new ChemflowError({
      code: 'CLI.VARS',
      message: '--vars must be a YAML mapping of names to values.',
      hint: `write --vars '{as_of: 2026-03-01}'`,
    });
  return value as JsonObject;
}
