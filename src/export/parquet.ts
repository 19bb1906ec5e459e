import type { SchemaElement } from 'hyparquet-writer';
import type { OutputFile } from './output-file.js';
import { parquetSchema, parquetType } from './parquet-columns.js';
import { parquetConverter, type ParquetValue } from './parquet-values.js';
import type { Batch, DatasetColumn, Exporter, RowWriter } from './types.js';

/** A row group ends after so many rows, or when its values hold so many UTF-16 units: fixed, so that the bytes do not hang on the size of a batch. */
const groupRows = 32_768;
const groupLength = 16 * 1024 * 1024;

/** Parquet: types kept as Parquet has them, nulls, decimals with their precision, moments in UTC; snappy, row groups of bounded size. */
export const parquetExporter: Exporter = { format: 'parquet', fileType: parquetType, open: openWriter };

async function openWriter(file: OutputFile, columns: readonly DatasetColumn[]): Promise<RowWriter> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const schema = parquetSchema(columns);
  // The writer takes JSON as values and would read and write its numbers anew: it is given the text, and the file told what that is.
  const parquet = new ParquetWriter({ writer: bytes, schema: schema.map(jsonAsText), createdBy: 'chemflow' });
  const converters = columns.map(parquetConverter);
  let group = columns.map((): (ParquetValue | ParquetValue[])[] => []);
  let rows = 0;
  let length = 0;

  const drain = async (): Promise<void> => {
    await file.write(bytes.getBytes());
    bytes.index = 0;
  };
  const endGroup = async (): Promise<void> => {
    const columnData = columns.map((column, index) => ({
      name: column.name,
      data: group[index] ?? [],
      statistics: column.kind.kind !== 'json' && column.kind.kind !== 'list',
    }));
    await parquet.write({ columnData, rowGroupSize: rows });
    group = columns.map(() => []);
    rows = 0;
    length = 0;
    await drain();
  };
  const addRow = (batch: Batch, row: number): void => {
    converters.forEach((convert, index) => {
      const value = batch.columns[index]?.[row] ?? null;
      group[index]?.push(value === null ? null : convert(value));
      length += value?.length ?? 0;
    });
    rows += 1;
  };
  return {
    write: async (batch) => {
      for (let row = 0; row < batch.rows; row += 1) {
        addRow(batch, row);
        if (rows >= groupRows || length >= groupLength) await endGroup();
      }
    },
    finish: async () => {
      if (rows > 0) await endGroup();
      parquet.schema = schema;
      await parquet.finish();
      await drain();
    },
  };
}

function jsonAsText(element: SchemaElement): SchemaElement {
  return element.converted_type === 'JSON' ? { ...element, converted_type: 'UTF8' } : element;
}
