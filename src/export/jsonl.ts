import type { OutputFile } from './output-file.js';
import type { Batch, DatasetColumn, Exporter, RowWriter, ValueKind } from './types.js';
import { jsonText } from './value-text.js';

/** JSON Lines: an object a row, numbers with all their digits, times in ISO 8601, arrays and json as JSON. */
export const jsonlExporter: Exporter = {
  format: 'jsonl',
  fileType: jsonType,
  open: (file, columns) => Promise.resolve(createWriter(file, columns)),
};

function jsonType(kind: ValueKind): string {
  switch (kind.kind) {
    case 'boolean':
      return 'true or false';
    case 'list':
      return `array of ${jsonType(kind.element)}`;
    case 'json':
      return 'any JSON';
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
      return 'string: ISO 8601 date';
    case 'timestamp':
      return 'string: ISO 8601 date and time';
    case 'timestamptz':
      return 'string: ISO 8601 date and time with offset';
    case 'bytes':
      return 'string: hexadecimal digits';
    default:
      return 'string';
  }
}

function createWriter(file: OutputFile, columns: readonly DatasetColumn[]): RowWriter {
  const names = columns.map((column, index) => `${index === 0 ? '{' : ','}${JSON.stringify(column.name)}:`);
  const lineOf = (batch: Batch, row: number): string => {
    let line = columns.length === 0 ? '{' : '';
    columns.forEach((column, index) => {
      const value = batch.columns[index]?.[row] ?? null;
      line += `${names[index] ?? ''}${value === null ? 'null' : jsonText(value, column)}`;
    });
    return `${line}}\n`;
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
