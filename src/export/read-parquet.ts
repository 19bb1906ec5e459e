/** The values of a Parquet file as texts, a row group and column at a time: a line a value, with the items of lists and the parts of documents in it. */
export async function* readParquetTexts(path: string): AsyncGenerator<string> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    for (const name of names) {
      let text = '';
      await parquetRead({
        file,
        metadata,
        columns: [name],
        rowStart: start,
        rowEnd: end,
        onComplete: (rows) => {
          text = rows.map(([value]) => textOf(value)).join('\n');
        },
      });
      yield text;
    }
    start = end;
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  if (typeof value === 'object') return Object.entries(value).flat().map(textOf).join('\n');
  return String(value as number | bigint | boolean);
}
