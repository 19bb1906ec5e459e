import { ChemflowError, didYouMean } from '../error/index.js';
import type { ExportEntry, Json } from '../types/index.js';
import { checkShape, type Report, type ValueKind } from './shape.js';
import { isObject, type YamlFile } from './yaml-file.js';

/** Keys of an entry of `exports:`. */
const keys: Readonly<Record<string, ValueKind>> = {
  select: 'texts',
  exclude: 'texts',
  format: 'text',
  out: 'text',
  split: 'boolean',
};

const formats: readonly string[] = ['parquet', 'jsonl', 'csv'];

/** Reports what is wrong with the entries of `exports:`. */
export function checkExports(file: YamlFile, report: Report): void {
  for (const [index, entry] of entriesOf(isObject(file.value) ? file.value['exports'] : undefined).entries()) {
    const path = ['exports', index];
    checkShape(entry, keys, { file, path, what: 'an export', report, unknownKeys: report });
    if (texts(entry['select']).length === 0)
      report(
        new ChemflowError({
          code: 'CONFIG.SHAPE',
          message: 'An export must say what it selects.',
          hint: "write select: 'ai.*'",
          place: file.placeOf(path),
        }),
      );
    const { format } = entry;
    if (typeof format === 'string' && !formats.includes(format) && !format.includes('{{'))
      report(
        new ChemflowError({
          code: 'CONFIG.SHAPE',
          message: `"${format}" is no format of an export.`,
          hint: didYouMean(format, formats) ?? `formats are ${formats.join(', ')}`,
          place: file.placeOf([...path, 'format']),
        }),
      );
  }
}

/** The entries of `exports:`; a format is parquet and a folder `exports` unless told. */
export function readExports(value: Json | undefined): readonly ExportEntry[] {
  return entriesOf(value).map((entry) => ({
    select: texts(entry['select']),
    exclude: texts(entry['exclude']),
    format: typeof entry['format'] === 'string' ? entry['format'] : 'parquet',
    out: typeof entry['out'] === 'string' ? entry['out'] : 'exports',
    split: entry['split'] === true,
  }));
}

function entriesOf(value: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

/** One text, or a list of them; a text may hold several words, as on the command line. */
function texts(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : value === undefined || value === null ? [] : [value];
  return list.map((item) => String(item as string));
}
