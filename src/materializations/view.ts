import { ChemflowError } from '../error/index.js';
import { describeQuery } from './describe-query.js';
import { buildRelation } from './relation-names.js';
import type { BuildOutcome, Materialization } from './types.js';

/** PostgreSQL's refusal to replace a view by one with other columns. */
const incompatibleView = 'SQL.42P16';

const outcome = (publication: BuildOutcome['publication']): BuildOutcome => ({
  message: 'CREATE VIEW',
  rowsAffected: null,
  code: 'CREATE VIEW',
  publication,
  type: 'view',
});

/** dbt's `view`: replaced where it stands if its columns allow that, so that everything that hangs on it stays; else made aside and swapped. */
export const view: Materialization = async (context) => {
  const { relation, existing, publisher, texts } = context;
  if (existing === undefined || existing.type === 'view') {
    const replace = await texts.replaceView(relation, context.sql);
    if (replace !== undefined) {
      try {
        await publisher.statement(replace);
        return outcome('replace');
      } catch (error) {
        const isIncompatible = error instanceof ChemflowError && error.code === incompatibleView;
        if (!isIncompatible || existing === undefined) throw error;
      }
    }
  }
  await publisher.check(relation, 'view', () => describeQuery(context));
  const build = buildRelation(relation);
  await context.run(await texts.createView(build, context.sql));
  return outcome(
    await publisher.publish({ target: relation, build, buildType: 'view', indexes: [], indexText: texts.createIndex }),
  );
};
