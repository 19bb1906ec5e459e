import { ChemflowError } from '../../error/index.js';
import type { Column } from '../../types/index.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { describeColumns } from '../describe-query.js';
import { renderRelation } from '../relation-names.js';
import type { BuildContext } from '../types.js';

const policies = ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'] as const;
type Policy = (typeof policies)[number];

/** What `on_schema_change` says, `ignore` where nothing is configured. */
function policyOf(context: BuildContext): Policy {
  const configured = context.node.config.on_schema_change ?? 'ignore';
  const policy = policies.find((one) => one === configured);
  if (policy !== undefined) return policy;
  context.warn(
    'CONFIG.ON_SCHEMA_CHANGE',
    `Invalid value for on_schema_change (${configured}) specified. Setting default value of ignore.`,
  );
  return 'ignore';
}

const sizeOf = (type: string): number | undefined => {
  const match = /^character varying\((\d+)\)$/.exec(type);
  return match === null ? undefined : Number(match[1]);
};

/** Columns of varying length that the new rows need longer. */
function grownColumns(source: readonly Column[], target: readonly Column[]): Column[] {
  return target.flatMap((column) => {
    const given = source.find((one) => one.name === column.name);
    const [size, needed] = [sizeOf(column.dataType), given === undefined ? undefined : sizeOf(given.dataType)];
    return given !== undefined && size !== undefined && needed !== undefined && needed > size ? [given] : [];
  });
}

/**
 * Brings the standing table's columns in line with the new rows' as `on_schema_change` says, and resolves to the columns to write.
 * With `fail`, differences are an error that lists them; a column that another relation uses is never taken away.
 */
export async function alignSchema(
  context: BuildContext,
  source: readonly Column[],
  target: readonly Column[],
): Promise<readonly Column[]> {
  const policy = policyOf(context);
  const table = renderRelation(context.relation);
  const types = new Map(target.map((column) => [column.name, column.dataType]));
  const given = new Map(source.map((column) => [column.name, column.dataType]));
  const added = source.filter((column) => !types.has(column.name));
  const removed = target.filter((column) => !given.has(column.name));
  const grown = grownColumns(source, target);
  const isGrown = (column: Column): boolean => grown.some((one) => one.name === column.name);
  const changed = source.filter(
    (column) => types.has(column.name) && types.get(column.name) !== column.dataType && !isGrown(column),
  );
  const alterType = (column: Column): string => {
    const name = quoteIdentifier(column.name);
    return `alter table ${table} alter column ${name} type ${column.dataType} using ${name}::${column.dataType}`;
  };
  const statements = grown.map(alterType);
  if (policy === 'fail' && added.length + removed.length + changed.length > 0)
    throw outOfSync(context, added, removed, changed);
  if (policy === 'append_new_columns' || policy === 'sync_all_columns') {
    statements.push(
      ...added.map((column) => `alter table ${table} add column ${quoteIdentifier(column.name)} ${column.dataType}`),
    );
  }
  if (policy === 'sync_all_columns') {
    if (removed.length + changed.length > 0) {
      await context.publisher.check(context.relation, 'table', () => Promise.resolve(source));
    }
    statements.push(
      ...removed.map((column) => `alter table ${table} drop column ${quoteIdentifier(column.name)}`),
      ...changed.map(alterType),
    );
  }
  if (statements.length > 0) await context.run(statements.join(';\n'));
  return policy === 'append_new_columns' || policy === 'sync_all_columns' ? source : target;
}

function outOfSync(
  context: BuildContext,
  added: readonly Column[],
  removed: readonly Column[],
  changed: readonly Column[],
): ChemflowError {
  return new ChemflowError({
    code: 'RUN.SCHEMA_CHANGE',
    message: [
      `Compilation Error: The source and target schemas of the incremental model ${context.node.name} are out of sync.`,
      `  only in the query: ${describeColumns(added)}`,
      `  only in the table: ${describeColumns(removed)}`,
      `  of another type: ${describeColumns(changed)}`,
    ].join('\n'),
    hint: 'run it with --full-refresh, or set on_schema_change to append_new_columns or sync_all_columns',
    exitCode: 1,
  });
}
