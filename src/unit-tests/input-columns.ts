import { columnsQuery, type ColumnRow } from '../adapter/index.js';
import { ChemflowError } from '../error/index.js';
import type {
  Column,
  ExecutableNode,
  Manifest,
  NodeRenderer,
  ResourceId,
  Session,
  SourceTable,
} from '../types/index.js';
import { describeQuery } from './query-columns.js';

/** The columns that extraction adds to the tables that it copies. */
const stagingColumns: readonly Column[] = [
  { name: '_synced_at', dataType: 'timestamp with time zone' },
  { name: '_source_deleted_at', dataType: 'timestamp with time zone' },
];

/**
 * Finds the columns of resources: the catalog's where the relation exists; else (an ephemeral model, or one that was never built) those of its query, where
 * what that reads exists; and those that are declared with a data_type.
 */
export interface InputColumns {
  /** The columns of each id, in their order; none of what has no relation and declares no types. */
  find(session: Session, ids: readonly ResourceId[]): Promise<ReadonlyMap<ResourceId, readonly Column[]>>;
}

function declaredColumns(resource: ExecutableNode | SourceTable): readonly Column[] {
  const declared = Object.values(resource.columns).flatMap(({ name, data_type: dataType }) =>
    dataType === undefined ? [] : [{ name, dataType }],
  );
  const isCopied = resource.resource_type === 'source' && resource.connection !== null;
  return isCopied && declared.length > 0 ? [...declared, ...stagingColumns] : declared;
}

function nameOf(resource: ExecutableNode | SourceTable): readonly [string, string] {
  return [resource.schema, resource.resource_type === 'source' ? resource.identifier : resource.alias];
}

/** Looks columns up for one command. What was found is kept: unit tests run after their model's parents and before the model, when none of them changes any more. */
export function createInputColumns(manifest: Manifest, renderer: NodeRenderer): InputColumns {
  const known = new Map<ResourceId, readonly Column[]>();

  const readCatalog = async (session: Session, ids: readonly ResourceId[]): Promise<void> => {
    const named = ids.flatMap((id) => {
      const resource = manifest.nodes[id] ?? manifest.sources[id];
      if (resource === undefined) return [];
      const isCte = resource.resource_type === 'model' && resource.config.materialized === 'ephemeral';
      return isCte ? [] : [{ id, name: nameOf(resource) }];
    });
    if (named.length === 0) return;
    const rows = await session.rows<ColumnRow>(columnsQuery, [
      named.map(({ name }) => name[0]),
      named.map(({ name }) => name[1]),
    ]);
    for (const { id, name } of named) {
      const own = rows.filter((row) => row.schema === name[0] && row.relation === name[1]);
      if (own.length > 0)
        known.set(
          id,
          own.map((row) => ({ name: row.name, dataType: row.data_type })),
        );
    }
  };

  const readQuery = async (session: Session, id: ResourceId): Promise<void> => {
    try {
      const { sql } = await renderer.compile(id);
      known.set(id, await describeQuery(session, sql));
    } catch (error) {
      // What it reads may not be there either; then the declared types must do.
      if (!(error instanceof ChemflowError)) throw error;
      known.set(id, []);
    }
  };

  return {
    find: async (session, ids) => {
      await readCatalog(
        session,
        ids.filter((id) => !known.has(id)),
      );
      for (const id of ids)
        if (!known.has(id) && manifest.nodes[id]?.resource_type === 'model') await readQuery(session, id);
      return new Map(
        ids.map((id) => {
          const resource = manifest.nodes[id] ?? manifest.sources[id];
          const built = known.get(id) ?? [];
          const names = new Set(built.map(({ name }) => name));
          // A column that is declared and not built yet may be tested before it is.
          const declared = resource === undefined ? [] : declaredColumns(resource);
          return [id, [...built, ...declared.filter(({ name }) => !names.has(name))]];
        }),
      );
    },
  };
}
