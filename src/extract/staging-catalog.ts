import { columnsQuery, type ColumnRow } from '../adapter/index.js';
import type { Adapter, Column, SourceTable } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { WarehouseType } from './column-plan.js';
import type { SourceColumn } from './source-catalog.sql.js';

/** A staging table that exists. */
export interface StagingTable {
  readonly columns: readonly Column[];
  /** Columns of its primary key, in order; empty without one. */
  readonly key: readonly string[];
  readonly keyName: string | null;
}

const keysQuery = `
select w.schema, w.name, k.conname as "keyName",
       array(select a.attname::text
             from unnest(k.conkey) with ordinality as c (attnum, place)
             join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.attnum
             order by c.place) as key
from unnest($1::text[], $2::text[]) as w (schema, name)
join pg_catalog.pg_namespace n on n.nspname = w.schema
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name
join pg_catalog.pg_constraint k on k.conrelid = c.oid and k.contype = 'p'`;

/** The staging tables that exist, by `schema.table`. */
export async function readStagingTables(
  warehouse: Adapter,
  tables: readonly SourceTable[],
): Promise<ReadonlyMap<string, StagingTable>> {
  const names = [tables.map((table) => table.schema), tables.map((table) => table.identifier)];
  return warehouse.withSession(async (session) => {
    const columns = await session.rows<ColumnRow>(columnsQuery, names);
    const keys = await session.rows<{ schema: string; name: string; keyName: string; key: string[] }>(keysQuery, names);
    const found = new Map<string, StagingTable & { columns: Column[] }>();
    for (const row of columns) {
      const id = stagingId({ schema: row.schema, identifier: row.relation });
      const table = found.get(id) ?? { columns: [], key: [], keyName: null };
      table.columns.push({ name: row.name, dataType: row.data_type, notNull: row.not_null });
      found.set(id, table);
    }
    for (const { schema, name, keyName, key } of keys) {
      const id = stagingId({ schema, identifier: name });
      const table = found.get(id);
      if (table !== undefined) found.set(id, { ...table, key, keyName });
    }
    return found;
  });
}

/** A staging table's key in maps. */
export function stagingId(table: { readonly schema: string; readonly identifier: string }): string {
  return `${table.schema}.${table.identifier}`;
}

/** Creates the staging schemas that there are not. */
export async function createStagingSchemas(warehouse: Adapter, schemas: readonly string[]): Promise<void> {
  if (schemas.length === 0) return;
  await warehouse.withSession(async (session) => {
    const { rows } = await session.query('select nspname from pg_catalog.pg_namespace where nspname = any ($1)', [
      schemas,
    ]);
    const existing = new Set(rows.map(([name]) => name));
    for (const schema of schemas.filter((name) => !existing.has(name)))
      await session.query(`create schema if not exists ${quoteIdentifier(schema)}`);
  });
}

const builtinTypesQuery = `
select name from unnest($1::text[]) as name where pg_catalog.to_regtype(name) is not null`;

const extensionTypesQuery = `
select x.extname as extension, t.typname as name, pg_catalog.format('%I.%I', n.nspname, t.typname) as qualified
from pg_catalog.pg_extension x
join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_extension'::regclass and d.refobjid = x.oid
     and d.classid = 'pg_catalog.pg_type'::regclass and d.deptype = 'e'
join pg_catalog.pg_type t on t.oid = d.objid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where x.extname = any ($1::text[])`;

/** Finds out which of the sources' types the warehouse has: PostgreSQL's own, and those of extensions that are installed in it too. */
export async function readWarehouseTypes(warehouse: Adapter, columns: readonly SourceColumn[]): Promise<WarehouseType> {
  const builtin = [...new Set(columns.filter((column) => column.isBuiltin).map((column) => column.typeName))];
  const extensions = [...new Set(columns.flatMap((column) => column.extension ?? []))];
  return warehouse.withSession(async (session) => {
    const { rows } = await session.query(builtinTypesQuery, [builtin]);
    const known = new Set(rows.map(([name]) => name));
    const installed =
      extensions.length === 0
        ? []
        : await session.rows<{ extension: string; name: string; qualified: string }>(extensionTypesQuery, [extensions]);
    const qualified = new Map(installed.map((type) => [`${type.extension}.${type.name}`, type.qualified]));
    return (column) => {
      if (column.isBuiltin) return known.has(column.typeName) ? column.dataType : undefined;
      if (column.extension === null) return undefined;
      const name = qualified.get(`${column.extension}.${column.bareName}`);
      const modifier = /\(.*\)/.exec(column.dataType)?.[0] ?? '';
      return name === undefined ? undefined : `${name}${modifier}${column.isArray ? '[]' : ''}`;
    };
  });
}
