import { ChemflowError } from '../error/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { columnsOf } from './describe-query.js';
import { alignIndexes, indexesOf } from './indexes.js';
import { renderRelation, temporaryRelation } from './relation-names.js';
import { buildTableFrom, statementTag } from './table.js';
import type { BuildContext, BuildOutcome, Materialization } from './types.js';

/** The snapshot's query: of the whole first table, or of the changes since the last run. */
async function queryOf(context: BuildContext, targetExists: boolean): Promise<string> {
  const value = await context.renderer.callMacro(context.node.unique_id, 'chemflow_snapshot_query', [
    { $relation: context.relation },
    context.sql,
    targetExists,
  ]);
  if (typeof value === 'object' && value !== null && 'sql' in value) return String(value.sql);
  throw new ChemflowError({
    code: 'RUN.SNAPSHOT',
    message: `The snapshot ${context.node.name} gave no query.`,
    exitCode: 1,
  });
}

/** Closes rows that changed or went and adds the new ones, in one transaction; columns that the query has newly are added. */
async function recordChanges(context: BuildContext): Promise<BuildOutcome> {
  const { node, relation, session, texts, renderer } = context;
  const query = await queryOf(context, true);
  return context.publisher.inTransaction(async () => {
    const changes = temporaryRelation(relation);
    await context.run(await texts.createTable(changes, query, true));
    const given = (await columnsOf(session, changes.schema, changes.identifier)).filter(
      (column) => column.name !== 'dbt_change_type',
    );
    const present = new Set(
      (await columnsOf(session, relation.schema, relation.identifier)).map((column) => column.name),
    );
    const added = given.filter((column) => !present.has(column.name));
    const { missing } = await alignIndexes(context, indexesOf(node, relation));
    const prelude = [
      ...added.map(
        (column) =>
          `alter table ${renderRelation(relation)} add column ${quoteIdentifier(column.name)} ${column.dataType}`,
      ),
      ...missing,
    ];
    if (prelude.length > 0) await context.run(prelude.join(';\n'));
    const merge = await renderer.callMacro(node.unique_id, 'snapshot_merge_sql', [
      { $relation: relation },
      { $relation: changes },
      given.map((column) => quoteIdentifier(column.name)),
    ]);
    const written = await context.run(String(merge).trim());
    await context.run(`drop table ${renderRelation(changes)}`);
    const outcome: BuildOutcome = {
      message: statementTag(written),
      rowsAffected: written.rowCount,
      code: written.command,
      publication: 'append',
      type: 'table',
    };
    context.outcome(outcome);
    return outcome;
  });
}

/** dbt's snapshot: the history of a query's rows. It is never rebuilt, whatever --full-refresh says, unless history is to be discarded. */
export const snapshot: Materialization = async (context) => {
  if (context.existing?.type === 'table' && !context.fullRefresh) return recordChanges(context);
  if (context.existing !== undefined && context.existing.type !== 'table') {
    throw new ChemflowError({
      code: 'RUN.SNAPSHOT_TARGET',
      message: `${renderRelation(context.relation)} is a ${context.existing.type.replace('_', ' ')}, and a snapshot keeps its history in a table.`,
      hint: 'drop it, or give the snapshot another alias or schema',
      exitCode: 1,
    });
  }
  return buildTableFrom(context, await queryOf(context, false));
};
