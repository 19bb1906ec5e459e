import type { Manifest, Session } from '../types/index.js';
import { isoTime } from '../util/civil-time.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { ColumnDigest } from './column-digests.js';
import { readDatasetMeta, roleOf, splitColumns } from './dataset-meta.js';
import { exporterOf } from './exporters.js';
import { countValues, readLabelBalance, type LabelBalance, type ValueCount } from './label-balance.js';
import { rateOf } from './numbers.js';
import { readAsOf, sourcesOf, type CardSource } from './provenance.js';
import type { Dataset, DatasetColumn, ValueKind } from './types.js';

/** A file of a dataset. */
export interface CardFile {
  readonly name: string;
  /** The value of the split column of all its rows, null for a file with all rows. */
  readonly split: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A column as the card describes it. */
export interface CardColumn {
  readonly name: string;
  readonly postgres_type: string;
  readonly file_type: string;
  readonly kind: ValueKind;
  readonly role: string;
  readonly description: string;
  readonly nulls: number;
  readonly null_rate: number | null;
  readonly values_sha256: string;
}

/** The data card: what a reader must know of a dataset, and what `--verify` compares. No time of the machine is in it, so that the same data have the same card. */
export interface DataCard {
  readonly card_version: 1;
  readonly dataset: string;
  readonly model: string;
  readonly description: string;
  readonly format: string;
  readonly is_split: boolean;
  readonly as_of: string | null;
  readonly rows: number;
  readonly entity: readonly string[];
  readonly observed: { readonly column: string; readonly first: string | null; readonly last: string | null } | null;
  readonly order: readonly string[];
  readonly files: readonly CardFile[];
  readonly columns: readonly CardColumn[];
  readonly splits: Readonly<Record<string, readonly ValueCount[]>>;
  readonly labels: readonly LabelBalance[];
  readonly sources: readonly CardSource[];
}

/** What the pass over the rows found. */
export interface WrittenRows {
  readonly rows: number;
  readonly columns: readonly ColumnDigest[];
  readonly files: readonly CardFile[];
}

/** Makes the card of a dataset in the session's snapshot. */
export async function makeCard(
  session: Session,
  manifest: Manifest,
  dataset: Dataset,
  columns: readonly DatasetColumn[],
  key: readonly string[],
  written: WrittenRows,
): Promise<DataCard> {
  const { node } = dataset;
  const meta = readDatasetMeta(dataset.meta);
  const exporter = exporterOf(dataset.format);
  const splits: Record<string, readonly ValueCount[]> = {};
  for (const name of splitColumns.filter((one) => columns.some((column) => column.name === one))) {
    const counts = await countValues(session, dataset.relation, name);
    if (counts !== null) splits[name] = counts;
  }
  const labels: LabelBalance[] = [];
  for (const label of columns.filter((column) => meta.labels.includes(column.name)))
    labels.push(await readLabelBalance(session, dataset.relation, label, columns));
  return {
    card_version: 1,
    dataset: dataset.name,
    model: node.unique_id,
    description: oneLine(node.description),
    format: dataset.format,
    is_split: dataset.isSplit,
    as_of: meta.asOf === null ? null : await readAsOf(session, manifest, meta.asOf),
    rows: written.rows,
    entity: meta.entity,
    observed: await readObserved(session, dataset.relation, columns, meta.observedAt),
    order: key,
    files: written.files,
    columns: columns.map((column, index) => ({
      name: column.name,
      postgres_type: column.postgresType,
      file_type: exporter.fileType(column.kind),
      kind: column.kind,
      role: roleOf(column.name, meta),
      description: oneLine(node.columns[column.name]?.description ?? ''),
      nulls: written.columns[index]?.nulls ?? 0,
      null_rate: rateOf(written.columns[index]?.nulls ?? 0, written.rows),
      values_sha256: written.columns[index]?.sha256 ?? '',
    })),
    splits,
    labels,
    sources: await sourcesOf(session, manifest, node),
  };
}

async function readObserved(
  session: Session,
  relation: string,
  columns: readonly DatasetColumn[],
  name: string | null,
): Promise<DataCard['observed']> {
  const column = columns.find((one) => one.name === name);
  if (column === undefined) return null;
  const quoted = quoteIdentifier(column.name);
  const { rows } = await session.query(`select min(${quoted}), max(${quoted}) from ${relation}`);
  const [first = null, last = null] = rows[0] ?? [];
  return { column: column.name, first: first && isoTime(first), last: last && isoTime(last) };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
