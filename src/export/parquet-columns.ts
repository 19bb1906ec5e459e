import type { SchemaElement } from 'hyparquet-writer';
import type { DatasetColumn, ElementKind, ValueKind } from './types.js';

/** What Parquet calls a kind: its physical type and what it means. */
function leafElement(kind: ElementKind): Omit<SchemaElement, 'name'> {
  switch (kind.kind) {
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'int16':
      // The newer name for it needs an integer of eight bits in the footer, which the writer does not write.
      return { type: 'INT32', converted_type: 'INT_16' };
    case 'int32':
      return { type: 'INT32' };
    case 'int64':
      return { type: 'INT64' };
    case 'float32':
      return { type: 'FLOAT' };
    case 'float64':
      return { type: 'DOUBLE' };
    case 'decimal': {
      const { precision, scale } = kind;
      const meaning = {
        converted_type: 'DECIMAL',
        precision,
        scale,
        logical_type: { type: 'DECIMAL', precision, scale },
      } as const;
      if (precision <= 9) return { type: 'INT32', ...meaning };
      if (precision <= 18) return { type: 'INT64', ...meaning };
      return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, ...meaning };
    }
    case 'date':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'timestamp':
      // Parquet's older name for it would say that it is UTC, which it is not.
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'timestamptz':
      return {
        type: 'INT64',
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      };
    case 'time':
      return { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'uuid':
      return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } };
    case 'json':
      return { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } };
    case 'bytes':
      return { type: 'BYTE_ARRAY' };
    case 'text':
    case 'digits':
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  }
}

/** The schema of a Parquet file for columns; every column may be null, as a relation says nothing else that readers could rely on. */
export function parquetSchema(columns: readonly DatasetColumn[]): SchemaElement[] {
  const elements = columns.flatMap((column): SchemaElement[] => {
    if (column.kind.kind !== 'list')
      return [{ name: column.name, repetition_type: 'OPTIONAL', ...leafElement(column.kind) }];
    return [
      {
        name: column.name,
        repetition_type: 'OPTIONAL',
        num_children: 1,
        converted_type: 'LIST',
        logical_type: { type: 'LIST' },
      },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', ...leafElement(column.kind.element) },
    ];
  });
  return [{ name: 'schema', num_children: columns.length }, ...elements];
}

/** What a column is in Parquet, in its own words: `DECIMAL(12,2)`, `TIMESTAMP(MICROS, UTC)`, `LIST<STRING>`. */
export function parquetType(kind: ValueKind): string {
  if (kind.kind === 'list') return `LIST<${parquetType(kind.element)}>`;
  const element = leafElement(kind);
  const meaning = element.logical_type;
  if (meaning === undefined) return element.converted_type ?? element.type ?? '';
  switch (meaning.type) {
    case 'DECIMAL':
      return `DECIMAL(${meaning.precision},${meaning.scale})`;
    case 'TIMESTAMP':
      return `TIMESTAMP(MICROS, ${meaning.isAdjustedToUTC ? 'UTC' : 'local'})`;
    case 'TIME':
      return 'TIME(MICROS)';
    default:
      return meaning.type;
  }
}
