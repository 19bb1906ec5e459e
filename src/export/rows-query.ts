import { ChemflowError } from '../error/index.js';
import type { DataTest, ExecutableNode, Manifest } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { readDatasetMeta } from './dataset-meta.js';
import type { Dataset, DatasetColumn } from './types.js';

/** The column whose values are one file each with --split. */
export const splitColumn = 'split';

/** A model's rows are told apart by its unique_key, else by its entity and moment of observation, else by a column that is tested to be unique. */
export function keyColumns(
  node: ExecutableNode,
  manifest: Manifest,
  columns: readonly DatasetColumn[],
): readonly string[] {
  const declared = node.config.unique_key;
  const meta = readDatasetMeta(node.config.meta);
  const unique = Object.values(manifest.nodes).filter(
    (test): test is DataTest =>
      test.resource_type === 'test' && test.attached_node === node.unique_id && test.test_metadata?.name === 'unique',
  );
  const candidates: readonly (readonly string[])[] = [
    typeof declared === 'string' ? [declared] : (declared ?? []),
    meta.observedAt === null ? meta.entity : [...meta.entity, meta.observedAt],
    ...unique.map((test) => (typeof test.column_name === 'string' ? [test.column_name] : [])),
  ];
  const isThere = (name: string): boolean => columns.some((column) => column.name === name);
  return candidates.find((names) => names.length > 0 && names.every(isThere)) ?? [];
}

/**
 * The rows of a relation in one order that its data alone decide: by the split of separate files, by key, then by every other column, texts in C collation, so that
 * only rows that are wholly alike may change places.
 */
export function rowsQuery(dataset: Dataset, columns: readonly DatasetColumn[], key: readonly string[]): string {
  const first = [...(dataset.isSplit ? [splitColumn] : []), ...key];
  const ordered = [
    ...first.flatMap((name) => columns.filter((column) => column.name === name)),
    ...columns.filter((column) => !first.includes(column.name)),
  ];
  const list = columns.map((column) => quoteIdentifier(column.name)).join(', ');
  const order = [...new Set(ordered.map((column) => column.sortKey))].join(', ');
  return `select ${list} from ${dataset.relation}${order === '' ? '' : ` order by ${order}`}`;
}

/** Throws EXPORT.SPLIT where a model that is to be split has no column for it. */
export function requireSplit(dataset: Dataset, columns: readonly DatasetColumn[]): void {
  if (!dataset.isSplit || columns.some((column) => column.name === splitColumn)) return;
  throw new ChemflowError({
    code: 'EXPORT.SPLIT',
    message: `${dataset.name} has no column "${splitColumn}", so it cannot be split into files.`,
    hint: `export it without --split, or leave it out: --exclude ${dataset.node.name}`,
    exitCode: 1,
  });
}
