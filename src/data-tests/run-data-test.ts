import { ChemflowError } from '../error/index.js';
import type { DataTest, MacroValue, NodeRenderer, Relation, Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** What came of a data test: its status and the number of failures that its `fail_calc` found. */
export interface DataTestOutcome {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly message: string | null;
  readonly failures: number;
}

/** What a data test is run with. */
export interface DataTestInput {
  readonly test: DataTest;
  /** The compiled query for failing rows. */
  readonly sql: string;
  readonly session: Session;
  readonly renderer: NodeRenderer;
  /** Where failing rows are kept, and as what; undefined where they are not. */
  readonly store: { readonly relation: Relation; readonly as: 'table' | 'view' } | undefined;
  /** Sends a statement that belongs to the test. */
  run(sql: string): Promise<unknown>;
}

const text = (value: unknown, fallback: string): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : fallback;

/** Keeps the failing rows in a relation of their own, replaced as a whole; resolves to the query that reads them. */
async function storeFailures(input: DataTestInput, store: NonNullable<DataTestInput['store']>): Promise<string> {
  const { relation } = store;
  const name = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.identifier)}`;
  const standing = await input.session.rows<{ kind: string }>(
    'select relkind as kind from pg_class where oid = to_regclass($1)',
    [name],
  );
  const word = standing[0]?.kind === 'v' ? 'view' : 'table';
  const typed: Relation = { ...relation, type: store.as };
  const macro = store.as === 'view' ? 'get_create_view_as_sql' : 'get_create_table_as_sql';
  const args: MacroValue[] = [{ $relation: typed }, input.sql];
  const create = await input.renderer.callMacro(
    input.test.unique_id,
    macro,
    store.as === 'view' ? args : [false, ...args],
  );
  const drop = standing.length === 0 ? [] : [`drop ${word} ${name}`];
  try {
    await input.run(['begin', ...drop, String(create).trim().replace(/;$/, ''), 'commit'].join(';\n'));
  } catch (error) {
    await input.session.query('rollback').catch(() => undefined);
    throw error;
  }
  return `select * from ${name}`;
}

/**
 * Runs a data test: its failing rows are counted by `fail_calc`, and `warn_if` and `error_if` decide, the latter only at severity error.
 * Throws where the query itself fails.
 */
export async function runDataTest(input: DataTestInput): Promise<DataTestOutcome> {
  const { config } = input.test;
  const failCalc = text(config.fail_calc, 'count(*)');
  const warnIf = text(config.warn_if, '!= 0');
  const errorIf = text(config.error_if, '!= 0');
  const limit = typeof config.limit === 'number' || typeof config.limit === 'string' ? Number(config.limit) : null;
  const rows = input.store === undefined ? input.sql : await storeFailures(input, input.store);
  const sql = await input.renderer.callMacro(input.test.unique_id, 'get_test_sql', [
    rows,
    failCalc,
    warnIf,
    errorIf,
    limit,
  ]);
  const [row] = await input.session.rows<{
    failures: string | number | null;
    should_warn: boolean;
    should_error: boolean;
  }>(String(sql));
  if (row === undefined) {
    throw new ChemflowError({
      code: 'TEST.NO_RESULT',
      message: `The test ${input.test.name} gave no row.`,
      exitCode: 1,
    });
  }
  const failures = Number(row.failures ?? 0);
  const count = `Got ${failures} result${failures === 1 ? '' : 's'}, configured to`;
  const severity = text(config.severity, 'error').toLowerCase();
  if (severity === 'error' && row.should_error)
    return { status: 'fail', message: `${count} fail if ${errorIf}`, failures };
  if (row.should_warn) return { status: 'warn', message: `${count} warn if ${warnIf}`, failures };
  return { status: 'pass', message: null, failures };
}
