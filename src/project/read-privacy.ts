import { ChemflowError } from '../error/index.js';
import type { DeclassifierConfig, Json, JsonObject, PrivacyConfig } from '../types/index.js';
import { checkShape, type Report, type ValueKind } from './shape.js';
import { isObject, type YamlFile } from './yaml-file.js';

const privacyShape: Readonly<Record<string, ValueKind>> = {
  allowed_in: 'texts',
  declassifiers: 'mappings',
  functions: 'texts',
  operations: 'text',
};

const declassifierShape: Readonly<Record<string, ValueKind>> = {
  name: 'text',
  expression: 'text',
  reason: 'text',
  kinds: 'texts',
};

/** Checks `privacy:` of a project file: its keys, and that each declassifier has a name of its own, an expression and a reason. */
export function checkPrivacy(
  file: YamlFile,
  value: Json | undefined,
  reports: { readonly report: Report; readonly unknownKeys: Report },
): void {
  if (!isObject(value)) return;
  checkShape(value, privacyShape, { file, path: ['privacy'], what: 'privacy', ...reports });
  const seen = new Set<string>();
  declassifiersIn(value).forEach((entry, index) => {
    const path = ['privacy', 'declassifiers', index];
    checkShape(entry, declassifierShape, { file, path, what: 'a declassifier', ...reports });
    const fail = (message: string, hint: string): void => {
      reports.report(new ChemflowError({ code: 'CONFIG.DECLASSIFIER', message, hint, place: file.placeOf(path) }));
    };
    const name = entry['name'];
    for (const key of ['name', 'expression', 'reason'])
      if (typeof entry[key] !== 'string' || entry[key].trim() === '')
        fail(
          `This declassifier has no ${key}.`,
          'write { name: row_count, expression: count($1), reason: a count tells of nobody }',
        );
    if (typeof name === 'string' && seen.has(name))
      fail(`Two declassifiers have the name "${name}".`, 'give each its own name');
    if (typeof name === 'string') seen.add(name);
  });
}

/** The settings of `privacy:`, already checked; undefined where the project has none. */
export function readPrivacy(file: YamlFile, value: Json | undefined): PrivacyConfig | undefined {
  if (!isObject(value)) return undefined;
  return {
    allowedIn: texts(value['allowed_in']),
    declassifiers: declassifiersIn(value).map((entry, index): DeclassifierConfig => {
      // Not placeOf(), which would read the YAML again in every command.
      const line = file.lineOf(['privacy', 'declassifiers', index]);
      const column = columnOfEntry(file.text, line);
      return {
        name: String(entry['name'] as string),
        expression: String(entry['expression'] as string),
        reason: String(entry['reason'] as string),
        kinds: entry['kinds'] === undefined || entry['kinds'] === null ? null : texts(entry['kinds']),
        place: { file: file.file, line, column },
      };
    }),
    functions: texts(value['functions']),
    trustsOperations: value['operations'] === 'declared',
  };
}

/** Where a list's entry begins on its line, behind the dash. */
function columnOfEntry(text: string, line: number): number {
  const begin = /^\s*(?:-\s+)?/.exec(text.split('\n')[line - 1] ?? '');
  return (begin?.[0].length ?? 0) + 1;
}

function declassifiersIn(value: JsonObject): readonly JsonObject[] {
  const list = value['declassifiers'];
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}

function texts(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]).map(String) : [String(value as string)];
}
