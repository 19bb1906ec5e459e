import { quoteIdentifier } from '../../util/sql-text.js';
import { qualified } from './carry-over.js';
import type { InspectedRelation } from './inspect.js';

/** Statements that make a standing table's columns those of the build, without a rewrite; a column of another type is dropped and added. */
export function alignColumns(old: InspectedRelation, fresh: InspectedRelation): string[] {
  const name = qualified(old);
  const types = new Map(fresh.columns.map((column) => [column.name, column.type]));
  const oldTypes = new Map(old.columns.map((column) => [column.name, column.type]));
  const drops = old.columns.filter((column) => types.get(column.name) !== column.type);
  const adds = fresh.columns.filter((column) => oldTypes.get(column.name) !== column.type);
  return [
    ...drops.map((column) => `alter table ${name} drop column ${quoteIdentifier(column.name)}`),
    ...adds.map((column) => `alter table ${name} add column ${quoteIdentifier(column.name)} ${column.type}`),
  ];
}

/**
 * Statements that give a standing table the rows of the build, seen by readers all at once at the commit. Where foreign keys refer to the table, rows are
 * updated, deleted and inserted by the columns that they refer to, so that a row which stays never goes; else all rows are deleted and inserted.
 */
export function replaceRows(old: InspectedRelation, fresh: InspectedRelation): string[] {
  const target = qualified(old);
  const source = qualified(fresh);
  const columns = fresh.columns.map((column) => quoteIdentifier(column.name));
  const list = columns.join(', ');
  const key = old.others.map((other) => other.referencedColumns).find((names) => names !== null);
  if (key === undefined || key === null) {
    return [`delete from ${target}`, `insert into ${target} (${list}) select ${list} from ${source}`];
  }
  const match = key.map((name) => `t.${quoteIdentifier(name)} = b.${quoteIdentifier(name)}`).join(' and ');
  const others = columns.filter((column) => !key.map(quoteIdentifier).includes(column));
  const row = (alias: string): string => `(${columns.map((column) => `${alias}.${column}`).join(', ')})`;
  return [
    ...(others.length === 0
      ? []
      : [
          `update ${target} t set ${others.map((column) => `${column} = b.${column}`).join(', ')} from ${source} b where ${match} and ${row('t')} is distinct from ${row('b')}`,
        ]),
    `delete from ${target} t where not exists (select from ${source} b where ${match})`,
    `insert into ${target} (${list}) select ${list} from ${source} b where not exists (select from ${target} t where ${match})`,
  ];
}
