import type { MacroValue } from '../../types/index.js';
import { columnsOf } from '../describe-query.js';
import { alignIndexes, indexesOf } from '../indexes.js';
import { renderRelation, temporaryRelation } from '../relation-names.js';
import { buildTableFrom, statementTag } from '../table.js';
import type { BuildContext, BuildOutcome, Materialization } from '../types.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { alignSchema } from './schema-change.js';

/** The unique key as a list; none for an empty one, which then means appending. */
function uniqueKeyOf(context: BuildContext): string | readonly string[] | null {
  const key = context.node.config.unique_key;
  if (key === undefined || key === null || key === '') return null;
  return typeof key === 'string' || key.length > 0 ? key : null;
}

function predicatesOf(context: BuildContext): MacroValue {
  const { incremental_predicates: named, predicates } = context.node.config;
  const value = named ?? predicates ?? null;
  return (typeof value === 'string' ? [value] : value) as MacroValue;
}

/** Adds the new rows to the standing table in one transaction, which readers see all at once. */
async function addRows(context: BuildContext): Promise<BuildOutcome> {
  const { node, relation, session, texts, renderer, capabilities } = context;
  const strategy = node.config.incremental_strategy ?? 'default';
  const key = uniqueKeyOf(context);
  return context.publisher.inTransaction(async () => {
    const fresh = temporaryRelation(relation);
    await context.run(await texts.createTable(fresh, context.sql, true));
    const source = await columnsOf(session, fresh.schema, fresh.identifier);
    const target = await columnsOf(session, relation.schema, relation.identifier);
    const columns = await alignSchema(context, source, target);
    const sql = await renderer.callMacro(node.unique_id, 'chemflow_incremental_sql', [
      strategy,
      { $relation: relation },
      { $relation: fresh },
      columns.map((column) => ({ name: column.name, data_type: column.dataType })),
      key,
      predicatesOf(context),
      capabilities.hasMerge,
    ]);
    await context.run(`analyze ${renderRelation(fresh)}`);
    const written = await context.run(String(sql).trim());
    const { missing, surplus } = await alignIndexes(context, indexesOf(node, relation));
    await context.run(
      [
        `drop table ${renderRelation(fresh)}`,
        ...missing,
        ...surplus.map((name) => `drop index ${quoteIdentifier(relation.schema)}.${quoteIdentifier(name)}`),
      ].join(';\n'),
    );
    const outcome: BuildOutcome = {
      message: statementTag(written),
      rowsAffected: written.rowCount,
      code: written.command,
      publication: strategy === 'append' || (strategy === 'default' && key === null) ? 'append' : 'in place',
      type: 'table',
    };
    context.outcome(outcome);
    return outcome;
  });
}

/** dbt's `incremental`: a table that is built once (and with --full-refresh) as a whole, and gets its new rows by a strategy from then on. */
export const incremental: Materialization = (context) =>
  context.existing?.type === 'table' && !context.fullRefresh ? addRows(context) : buildTableFrom(context);
