import type { OutputFile } from './output-file.js';
import type { Batch, DatasetColumn, Exporter, RowWriter, ValueKind } from './types.js';
import { valueError } from './value-error.js';
import { jsonText, plainText } from './value-text.js';

/** CSV after RFC 4180 in UTF-8 with a header: nothing between commas is null, `""` an empty text; arrays are JSON. */
export const csvExporter: Exporter = {
  format: 'csv',
  fileType: csvType,
  open: async (file, columns) => {
    await file.write(Buffer.from(`${columns.map((column) => quoted(column.name)).join(',')}\r\n`));
    return createWriter(file, columns);
  },
};

function csvType(kind: ValueKind): string {
  switch (kind.kind) {
    case 'boolean':
      return 'true or false';
    case 'list':
    case 'json':
      return 'JSON';
    case 'int16':
    case 'int32':
    case 'int64':
      return 'whole number';
    case 'decimal':
    case 'digits':
    case 'float32':
    case 'float64':
      return 'number';
    case 'date':
      return 'ISO 8601 date';
    case 'timestamp':
      return 'ISO 8601 date and time';
    case 'timestamptz':
      return 'ISO 8601 date and time with offset';
    case 'bytes':
      return 'hexadecimal digits';
    default:
      return 'text';
  }
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function fieldOf(value: string | null, column: DatasetColumn): string {
  if (value === null) return '';
  return quoted(column.kind.kind === 'list' ? jsonText(value, column) : plainText(value, column.kind));
}

function createWriter(file: OutputFile, columns: readonly DatasetColumn[]): RowWriter {
  const lineOf = (batch: Batch, row: number): string => {
    const fields = columns.map((column, index) => fieldOf(batch.columns[index]?.[row] ?? null, column));
    const [only] = columns;
    if (fields.length === 1 && fields[0] === '' && only !== undefined)
      throw valueError(
        only,
        'is the only one and holds a null, which a CSV cannot tell from an empty line',
        'export it as jsonl or parquet',
      );
    return `${fields.join(',')}\r\n`;
  };
  return {
    write: async (batch) => {
      let text = '';
      for (let row = 0; row < batch.rows; row += 1) text += lineOf(batch, row);
      await file.write(Buffer.from(text));
    },
    finish: () => Promise.resolve(),
  };
}
