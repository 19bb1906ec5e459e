import type { Adapter, CatalogRelation, Column, Relation, RelationCache } from '../types/index.js';
import { columnsQuery, type ColumnRow } from './catalog/columns.sql.js';
import { relationsQuery, type RelationRow } from './catalog/relations.sql.js';

/** An empty cache over a database. The schemas of one load() are read with one query, however many they are. */
export function createRelationCache(adapter: Adapter): RelationCache {
  const bySchema = new Map<string, Map<string, CatalogRelation>>();
  const loaded = new Set<string>();
  const existing = new Set<string>();

  const entries = (schema: string): Map<string, CatalogRelation> => {
    const known = bySchema.get(schema) ?? new Map<string, CatalogRelation>();
    bySchema.set(schema, known);
    return known;
  };

  return {
    load: async (schemas) => {
      const wanted = [...new Set(schemas.map(({ schema }) => schema))].filter((schema) => !loaded.has(schema));
      if (wanted.length === 0) return;
      const rows = await adapter.withSession((session) => session.rows<RelationRow>(relationsQuery, [wanted]));
      for (const schema of wanted) loaded.add(schema);
      for (const row of rows) {
        existing.add(row.schema);
        if (row.name === null) continue;
        entries(row.schema).set(row.name, {
          database: adapter.settings.database,
          schema: row.schema,
          identifier: row.name,
          type: row.type,
          oid: row.oid ?? 0,
          owner: row.owner ?? '',
        });
      }
    },
    get: (relation) => bySchema.get(relation.schema)?.get(relation.identifier),
    list: (schema) => [...(bySchema.get(schema)?.values() ?? [])],
    hasSchema: (schema) => existing.has(schema),
    add: (relation) => {
      existing.add(relation.schema);
      entries(relation.schema).set(relation.identifier, relation);
    },
    remove: (relation) => {
      bySchema.get(relation.schema)?.delete(relation.identifier);
    },
    columns: (relation) => adapter.withSession((session) => readColumns(session, relation)),
  };
}

/** The columns of a relation in order; none where there is no such relation. */
export async function readColumns(
  session: { rows<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> },
  relation: Relation,
): Promise<readonly Column[]> {
  const rows = await session.rows<ColumnRow>(columnsQuery, [[relation.schema], [relation.identifier]]);
  return rows.map((row) => ({ name: row.name, dataType: row.data_type, notNull: row.not_null }));
}
