import { createHash } from 'node:crypto';
import type { ExecutableNode, JsonObject, Relation } from '../types/index.js';
import { cutToBytes } from '../util/identifier-length.js';
import type { BuildContext, NamedIndex } from './types.js';
import { buildIndexName } from './relation-names.js';

const digestLength = 10;
const ownName = /_idx_[0-9a-f]{10}$/;

/** The indexes that a node's `indexes` config asks for. A name is made of the relation, the columns and a digest of the whole definition, so that a changed definition has another name. */
export function indexesOf(node: ExecutableNode, relation: Relation): NamedIndex[] {
  const named = (node.config.indexes ?? []).map((definition) => ({
    name: indexName(relation, definition),
    definition,
  }));
  return [...new Map(named.map((index) => [index.name, index])).values()];
}

function indexName(relation: Relation, definition: JsonObject): string {
  const columns = Array.isArray(definition.columns) ? definition.columns.join('_') : '';
  const words = `${relation.identifier}_${columns}`.replaceAll(/[^\p{L}\p{N}_]+/gu, '_');
  const digest = createHash('md5')
    .update(JSON.stringify([relation.identifier, definition]))
    .digest('hex');
  return `${cutToBytes(words, 40)}_idx_${digest.slice(0, digestLength)}`;
}

/** Was an index of this name made from a node's configuration, and may so be dropped when the configuration no longer has it? */
export function isConfiguredIndexName(name: string): boolean {
  return ownName.test(name);
}

/** Statements that make the indexes on a build, under names of their own. */
export function buildIndexTexts(
  context: BuildContext,
  build: Relation,
  indexes: readonly NamedIndex[],
): Promise<string[]> {
  return Promise.all(
    indexes.map((index) => context.texts.createIndex(build, index.definition, buildIndexName(index.name))),
  );
}

/** Statements that bring the indexes of a standing relation in line with the configuration: missing ones are made, configured ones of before are dropped. */
export async function alignIndexes(
  context: BuildContext,
  indexes: readonly NamedIndex[],
): Promise<{ readonly missing: string[]; readonly surplus: string[] }> {
  const rows = await context.session.rows<{ name: string }>(
    'select ic.relname as name from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace join pg_class ic on ic.oid = i.indexrelid where n.nspname = $1 and c.relname = $2',
    [context.relation.schema, context.relation.identifier],
  );
  const present = new Set(rows.map((row) => row.name));
  const wanted = new Set(indexes.map((index) => index.name));
  const missing = indexes.filter((index) => !present.has(index.name));
  return {
    missing: await Promise.all(
      missing.map((index) => context.texts.createIndex(context.relation, index.definition, index.name)),
    ),
    surplus: [...present].filter((name) => isConfiguredIndexName(name) && !wanted.has(name)),
  };
}
