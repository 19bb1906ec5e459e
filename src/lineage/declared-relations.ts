import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { ColumnProperties, Node, Seed, SourceTable } from '../types/index.js';
import { declaredKinds, unclassified } from './kinds.js';
import type { RelationColumn, RelationLineage } from './relation-lineage.js';

/** Columns that extraction adds to every table that it copies. */
const stagingColumns = ['_synced_at', '_source_deleted_at'];

function column(name: string, kinds: readonly string[]): RelationColumn {
  return { name, origins: [], kinds, declared: kinds, offset: 0 };
}

/** A column's name as the database has it: PostgreSQL folds what is not quoted. */
function databaseName({ name, quote }: ColumnProperties): string {
  return quote === true ? name : name.toLowerCase();
}

/** The columns of a source table, as declared; it may have more, which count as `silent` does (unclassified where personal data is watched). */
export function sourceLineage(table: SourceTable, silent: readonly string[]): RelationLineage {
  const excluded = new Set(table.extract?.exclude);
  const declared = Object.values(table.columns)
    .filter(({ name }) => !excluded.has(name))
    .map((one) => column(table.connection === null ? databaseName(one) : one.name, declaredKinds(one.meta) ?? silent));
  const own = table.connection === null ? [] : stagingColumns.map((name) => column(name, []));
  const names = new Set(declared.map(({ name }) => name));
  const isOpen = table.extract?.columns === null || table.extract === null;
  return {
    id: table.unique_id,
    how: 'source',
    columns: [...declared, ...own.filter(({ name }) => !names.has(name)), ...(isOpen ? [column('*', silent)] : [])],
    isOrdered: false,
  };
}

/** The columns of a seed: those of its file's first line; the project wrote them itself, so that they are personal only where they are declared so. */
export function seedLineage(seed: Seed): RelationLineage {
  const declared = new Map(
    Object.values(seed.columns).map((one) => [one.name, declaredKinds(one.meta) ?? []] as const),
  );
  const names = new Set([...readHeader(seed), ...declared.keys()]);
  return {
    id: seed.unique_id,
    how: 'seed',
    columns: [...names].map((name) => column(name, declared.get(name) ?? [])),
    isOrdered: true,
  };
}

/** The first line of a CSV file; nothing where it cannot be read, which loading the seed will tell. */
function readHeader(seed: Seed): readonly string[] {
  const delimiter = seed.config['delimiter'];
  try {
    const text = readFileSync(join(seed.root_path, seed.original_file_path), 'utf8');
    const options = { bom: true, to_line: 1, delimiter: typeof delimiter === 'string' ? delimiter : ',' };
    return parse(text.slice(0, 65_536), options)[0] ?? [];
  } catch {
    return [];
  }
}

/** The columns of a model that says `meta: {lineage: declared}`: those of its YAML; what has no `pii` there is unclassified. */
export function declaredLineage(node: Node): RelationLineage {
  return {
    id: node.unique_id,
    how: 'declared',
    columns: Object.values(node.columns).map((one) =>
      column(databaseName(one), declaredKinds(one.meta) ?? [unclassified]),
    ),
    isOrdered: false,
  };
}

/** Does a model declare its columns' kinds instead of having its SQL followed? */
export function declaresLineage(node: Node): boolean {
  return node.meta['lineage'] === 'declared' || node.config.meta['lineage'] === 'declared';
}
