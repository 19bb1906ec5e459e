import { createHash } from 'node:crypto';
import { ChemflowError } from '../error/index.js';
import { relationOf, renderRelation } from '../materializations/index.js';
import type { ExecutableNode, Manifest, NodeConfig, Relation, Session, SourceTable } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { isGrowing, type Ancestry } from './input-tables.js';

const prefix = 'chemflow_leakage_';
const mark = 'Scratch schema of chemflow test --leakage';

/** The schema that results are kept in while the others are made anew. */
export const keptSchema = `${prefix}results`;

/** The scratch schema that stands for a schema of the warehouse. */
export function scratchSchema(schema: string): string {
  const isPlain = /^[a-z0-9_]{1,40}$/.test(schema);
  return `${prefix}of_${isPlain ? schema : createHash('sha256').update(schema).digest('hex').slice(0, 16)}`;
}

/** A relation's place in the scratch schemas. */
export function scratchRelation(relation: Relation): Relation {
  return { ...relation, schema: scratchSchema(relation.schema) };
}

/** How a model is built in the check: as what it is, without what reaches beyond its own rows. */
function scratchConfig(node: ExecutableNode): NodeConfig {
  const { materialized } = node.config;
  const becomesTable =
    // Only a checked one is built at all.
    materialized === 'ephemeral' ||
    materialized === 'materialized_view' ||
    (materialized === 'incremental' && !isGrowing(node));
  return {
    ...node.config,
    materialized: becomesTable ? 'table' : materialized,
    full_refresh: null,
    unlogged: true,
    indexes: [],
    grants: {},
    persist_docs: {},
    'pre-hook': [],
    'post-hook': [],
  };
}

function movedNode(node: ExecutableNode): ExecutableNode {
  const { schema, identifier } = relationOf(node);
  const relation: Relation = { database: node.database, schema: scratchSchema(schema), identifier };
  const config = node.resource_type === 'model' ? scratchConfig(node) : node.config;
  return {
    ...node,
    schema: relation.schema,
    alias: identifier,
    relation_name: `${quoteIdentifier(node.database)}.${renderRelation(relation)}`,
    config,
  } as ExecutableNode;
}

function movedSource(table: SourceTable): SourceTable {
  const schema = scratchSchema(table.schema);
  return {
    ...table,
    schema,
    relation_name: `${quoteIdentifier(table.database)}.${renderRelation({ database: table.database, schema, identifier: table.identifier })}`,
  };
}

/** The manifest of the check: what it copies and builds stands in scratch schemas, all else where it is; hooks of the project are left out. */
export function scratchManifest(manifest: Manifest, ancestry: Ancestry): Manifest {
  const moved = new Set([...ancestry.inputs, ...ancestry.built]);
  const nodes = Object.entries(manifest.nodes).filter(([, node]) => node.resource_type !== 'operation');
  return {
    ...manifest,
    nodes: Object.fromEntries(nodes.map(([id, node]) => [id, moved.has(id) ? movedNode(node) : node])),
    sources: Object.fromEntries(
      Object.entries(manifest.sources).map(([id, table]) => [id, moved.has(id) ? movedSource(table) : table]),
    ),
  };
}

/** Drops every scratch schema, also those that a check left behind whose process was killed. */
export async function dropScratch(session: Session): Promise<void> {
  const rows = await session.rows<{ name: string; comment: string | null }>(
    `select nspname as name, obj_description(oid, 'pg_namespace') as comment from pg_namespace where starts_with(nspname, $1)`,
    [prefix],
  );
  const foreign = rows.find((row) => row.comment !== mark);
  if (foreign !== undefined) {
    throw new ChemflowError({
      code: 'LEAKAGE.SCHEMA',
      message: `The schema ${foreign.name} was not made by this check, but has a name that it needs.`,
      hint: `rename it: alter schema ${quoteIdentifier(foreign.name)} rename to ...`,
    });
  }
  for (const { name } of rows) await session.query(`drop schema ${quoteIdentifier(name)} cascade`);
}

/** Makes scratch schemas, empty; those of the name are dropped first. */
export async function makeScratch(session: Session, schemas: readonly string[]): Promise<void> {
  await session.query(
    schemas
      .map((schema) => {
        const name = quoteIdentifier(schema);
        return `drop schema if exists ${name} cascade; create schema ${name}; comment on schema ${name} is ${quoteLiteral(mark)}`;
      })
      .join(';\n'),
  );
}
