import { buildIndexTexts, indexesOf } from './indexes.js';
import { describeQuery } from './describe-query.js';
import { buildRelation, renderRelation } from './relation-names.js';
import type { BuildContext, BuildOutcome, Materialization } from './types.js';

/** `SELECT 12`, or `INSERT 0 12`: a statement's tag as PostgreSQL prints it. */
export function statementTag(outcome: { readonly command: string; readonly rowCount: number }): string {
  return outcome.command === 'INSERT' ? `INSERT 0 ${outcome.rowCount}` : `${outcome.command} ${outcome.rowCount}`;
}

/** Builds a table aside from the node's SQL (or from `sql`): create and fill, index, analyze; then publishes it. */
export async function buildTableFrom(context: BuildContext, sql: string = context.sql): Promise<BuildOutcome> {
  const { relation, publisher } = context;
  await publisher.check(relation, 'table', () => describeQuery({ ...context, sql }));
  const build = buildRelation(relation);
  const indexes = indexesOf(context.node, relation);
  const create = await context.texts.createTable(build, sql);
  // The texts are rendered while the server works.
  const [filled, indexTexts] = await Promise.all([context.run(create), buildIndexTexts(context, build, indexes)]);
  await context.run([...indexTexts, `analyze ${renderRelation(build)}`].join(';\n'));
  const outcome: BuildOutcome = {
    message: statementTag(filled),
    rowsAffected: filled.rowCount,
    code: filled.command,
    type: 'table',
  };
  context.outcome(outcome);
  const publication = await publisher.publish({
    target: relation,
    build,
    buildType: 'table',
    indexes,
    indexText: context.texts.createIndex,
  });
  return { ...outcome, publication };
}

/** dbt's `table`. */
export const table: Materialization = (context) => buildTableFrom(context);
