import { ChemflowError } from '../error/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { describeQuery, hasSameQuery } from './describe-query.js';
import { alignIndexes, buildIndexTexts, indexesOf } from './indexes.js';
import { buildRelation, renderRelation } from './relation-names.js';
import type { BuildContext, BuildOutcome, Materialization, Publication } from './types.js';

const outcome = (message: string, publication: Publication): BuildOutcome => ({
  message,
  rowsAffected: null,
  code: message,
  publication,
  type: 'materialized_view',
});

/** Built aside with data and indexes, and swapped. */
async function buildAside(context: BuildContext): Promise<BuildOutcome> {
  const { relation, publisher, texts } = context;
  await publisher.check(relation, 'materialized_view', () => describeQuery(context));
  const build = buildRelation(relation);
  const indexes = indexesOf(context.node, relation);
  const create = await texts.createMaterializedView(build, context.sql);
  // The texts are rendered while the server works.
  const [, indexTexts] = await Promise.all([context.run(create), buildIndexTexts(context, build, indexes)]);
  await context.run([...indexTexts, `analyze ${renderRelation(build)}`].join(';\n'));
  const publication = await publisher.publish({
    target: relation,
    build,
    buildType: 'materialized_view',
    indexes,
    indexText: texts.createIndex,
  });
  return outcome('CREATE MATERIALIZED VIEW', publication);
}

/** Has the standing view data, and a whole unique index on plain columns, as REFRESH ... CONCURRENTLY needs it? */
async function canRefreshConcurrently(context: BuildContext): Promise<boolean> {
  const rows = await context.session.rows<{ can: boolean }>(
    `select c.relispopulated and exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid
  and i.indimmediate and i.indpred is null and i.indexprs is null) as can
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [context.relation.schema, context.relation.identifier],
  );
  return rows[0]?.can === true;
}

/** Makes and drops indexes as `on_configuration_change` says; false where the view is to be left as it is. */
async function applyIndexChanges(context: BuildContext): Promise<boolean> {
  const { missing, surplus } = await alignIndexes(context, indexesOf(context.node, context.relation));
  if (missing.length === 0 && surplus.length === 0) return true;
  const policy = context.node.config.on_configuration_change ?? 'apply';
  const text = `Configuration changes were identified and \`on_configuration_change\` was set to \`${policy}\` for \`${renderRelation(context.relation)}\``;
  if (policy === 'fail') throw new ChemflowError({ code: 'RUN.CONFIGURATION_CHANGE', message: text, exitCode: 1 });
  if (policy === 'continue') {
    context.warn('RUN.CONFIGURATION_CHANGE', text);
    return false;
  }
  const drops = surplus.map(
    (name) => `drop index ${quoteIdentifier(context.relation.schema)}.${quoteIdentifier(name)}`,
  );
  await context.run([...missing, ...drops].join(';\n'));
  return true;
}

/**
 * A materialized view whose readers go on reading: with an unchanged query it is refreshed CONCURRENTLY where a unique index allows, else built aside
 * and swapped, as after a change.
 */
export const materializedView: Materialization = async (context) => {
  const { existing, fullRefresh, publisher, relation } = context;
  if (existing?.type !== 'materialized_view' || fullRefresh || !(await hasSameQuery(context)))
    return buildAside(context);
  await applyIndexChanges(context);
  if (!(await canRefreshConcurrently(context))) return buildAside(context);
  await context.run(`refresh materialized view concurrently ${renderRelation(relation)}`);
  await publisher.statement(`analyze ${renderRelation(relation)}`);
  return outcome('REFRESH MATERIALIZED VIEW', 'in place');
};
