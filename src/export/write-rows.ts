import { ChemflowError } from '../error/index.js';
import type { EventSink, Session } from '../types/index.js';
import type { CardFile, WrittenRows } from './card.js';
import { createColumnDigests } from './column-digests.js';
import { exporterOf } from './exporters.js';
import { createOutputFile, type OutputFile } from './output-file.js';
import { readRows } from './read-rows.js';
import { rowsQuery, splitColumn } from './rows-query.js';
import type { Batch, Dataset, DatasetColumn, RowWriter } from './types.js';

/** What the writing of a dataset's rows needs. */
export interface WriteRowsOptions {
  readonly session: Session;
  readonly dataset: Dataset;
  readonly columns: readonly DatasetColumn[];
  readonly key: readonly string[];
  readonly batchRows: number;
  readonly draftOf: (name: string) => string;
  readonly sink: EventSink;
  /** Thrown into the pass where the user gave up. */
  readonly throwIfAborted: () => void;
}

interface OpenFile {
  readonly name: string;
  readonly split: string | null;
  readonly file: OutputFile;
  readonly writer: RowWriter;
  rows: number;
  bytes: number;
}

/** Streams the rows of a dataset into its file, or with a split into one file a value after the other (the rows come ordered by it). */
export async function writeRows(options: WriteRowsOptions): Promise<WrittenRows> {
  const { session, dataset, columns, batchRows, sink } = options;
  const digests = createColumnDigests(columns.length);
  const files: CardFile[] = [];
  const at = dataset.isSplit ? columns.findIndex((column) => column.name === splitColumn) : -1;
  let current: OpenFile | undefined;
  let rows = 0;
  let bytes = 0;

  const end = async (): Promise<void> => {
    if (current === undefined) return;
    await current.writer.finish();
    const closed = await current.file.close();
    const { name, split } = current;
    files.push({ name, split, rows: current.rows, ...closed });
    current = undefined;
  };
  const begin = async (split: string | null): Promise<OpenFile> => {
    const name = fileName(dataset, split, files);
    const file = counted(await createOutputFile(options.draftOf(name), name), (length) => (bytes += length));
    current = { name, split, file, writer: await exporterOf(dataset.format).open(file, columns), rows: 0, bytes: 0 };
    return current;
  };
  try {
    if (at < 0) await begin(null);
    for await (const batch of readRows(session, rowsQuery(dataset, columns, options.key), columns.length, batchRows)) {
      options.throwIfAborted();
      digests.add(batch);
      for (const part of at < 0 ? [{ split: null, batch }] : partsOf(batch, at, dataset)) {
        if (current !== undefined && current.split !== part.split) await end();
        const open: OpenFile = current ?? (await begin(part.split));
        await open.writer.write(part.batch);
        open.rows += part.batch.rows;
      }
      rows += batch.rows;
      sink({ kind: 'export-progress', id: dataset.id, rows, bytes });
    }
    await end();
  } catch (error) {
    await current?.file.abandon();
    throw error;
  }
  return { ...digests.finish(), files };
}

function counted(file: OutputFile, count: (bytes: number) => void): OutputFile {
  return {
    ...file,
    write: async (bytes) => {
      await file.write(bytes);
      count(bytes.length);
    },
  };
}

/** The name of a data file: `schema.name[.split].format`. */
function fileName(dataset: Dataset, split: string | null, files: readonly CardFile[]): string {
  if (split === null) return `${dataset.name}.${dataset.format}`;
  const name = `${dataset.name}.${split}.${dataset.format}`;
  // A file system that does not tell capitals apart would put both into one file.
  const twin = files.find((file) => file.name.toLowerCase() === name.toLowerCase());
  if (twin !== undefined)
    throw splitError(dataset, `has the splits "${twin.split ?? ''}" and "${split}", whose files would have one name`);
  return name;
}

/** A batch cut where the value of the split column changes. */
function partsOf(
  batch: Batch,
  column: number,
  dataset: Dataset,
): readonly { readonly split: string; readonly batch: Batch }[] {
  const values = batch.columns[column] ?? [];
  const parts: { split: string; batch: Batch }[] = [];
  for (let start = 0, row = 1; row <= batch.rows; row += 1) {
    if (row < batch.rows && values[row] === values[start]) continue;
    const split = values[start] ?? null;
    if (split === null) throw splitError(dataset, 'has rows whose split is null, which would be in no file');
    if (!/^[\w-]{1,100}$/.test(split))
      throw splitError(
        dataset,
        `has the split ${JSON.stringify(split.slice(0, 100))}, which is no part of a file's name`,
      );
    parts.push({
      split,
      batch: {
        rows: row - start,
        columns: batch.columns.map((all) => all.slice(start, row)),
        escaped: batch.escaped.map((all) => all.slice(start, row)),
      },
    });
    start = row;
  }
  return parts;
}

function splitError(dataset: Dataset, what: string): ChemflowError {
  return new ChemflowError({
    code: 'EXPORT.SPLIT',
    message: `${dataset.name} ${what}.`,
    hint: 'give every row a split of letters, digits, - and _, or export without --split',
    exitCode: 1,
  });
}
