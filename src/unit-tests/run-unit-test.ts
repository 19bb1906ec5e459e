import { ChemflowError, didYouMean } from '../error/index.js';
import { formatRowDifference } from '../progress/index.js';
import type {
  Column,
  Manifest,
  NodeRenderer,
  RowDifference,
  RunStatus,
  Session,
  UnitTest,
  UnitTestFixture,
} from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { compareRows, rowKey } from './compare-rows.js';
import { fixturesOf, matchColumns, placeOfUnitTest } from './fixtures.js';
import { createInputColumns } from './input-columns.js';
import { describeQuery } from './query-columns.js';

/** What came of a unit test. */
export interface UnitTestOutcome {
  readonly status: Extract<RunStatus, 'pass' | 'fail' | 'warn'>;
  /** The difference as a table, without colours. */
  readonly message: string | null;
  readonly failures: number;
  readonly difference: RowDifference | undefined;
}

/** Runs the unit tests of one command. */
export interface UnitTestRunner {
  /** The model's query over the test's rows. */
  compile(test: UnitTest, session: Session): Promise<string>;
  /** Runs a compiled test: other rows than expected are a result, a query that fails an error at the test's place. */
  run(test: UnitTest, sql: string, session: Session): Promise<UnitTestOutcome>;
}

/** What a runner needs: templates are rendered by the renderer, and `run` sends a statement that belongs to the test. */
export interface UnitTestRunnerOptions {
  readonly manifest: Manifest;
  readonly renderer: NodeRenderer;
}

/** Makes the runner of a command's unit tests. */
export function createUnitTestRunner({ manifest, renderer }: UnitTestRunnerOptions): UnitTestRunner {
  const columns = createInputColumns(manifest, renderer);

  const located = async <Result>(test: UnitTest, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ChemflowError) throw error.at(placeOfUnitTest(manifest, test));
      throw error;
    }
  };

  const expectedSql = async (
    test: UnitTest,
    actual: readonly Column[],
    session: Session,
  ): Promise<{ readonly sql: string; readonly columns: readonly Column[] }> => {
    const [model = ''] = test.depends_on.nodes;
    const { rows } = test.expect;
    if (typeof rows === 'string') {
      const sql = await renderer.renderText(model, rows);
      const described = await describeQuery(session, sql);
      const compared = described.map(({ name }) => columnNamed(manifest, test, name, actual));
      const cast = compared.map(
        ({ name, dataType }, index) =>
          `cast(${quoteIdentifier(described[index]?.name ?? '')} as ${dataType}) as ${quoteIdentifier(name)}`,
      );
      return { sql: `select ${cast.join(', ')} from (\n${sql}\n) as expected_sql`, columns: compared };
    }
    const matched = matchColumns(rows, actual, 'expected output', (word) => placeOfUnitTest(manifest, test, word));
    const named = new Set(matched.flatMap((row) => Object.keys(row)));
    const compared = named.size === 0 ? actual : actual.filter(({ name }) => named.has(name));
    const types = Object.fromEntries(compared.map(({ name, dataType }) => [name, dataType]));
    const quoted = Object.fromEntries(compared.map(({ name }) => [name, quoteIdentifier(name)]));
    const sql = await renderer.callMacro(model, 'get_expected_sql', [matched, types, quoted]);
    return { sql: String(sql), columns: compared };
  };

  const run = async (test: UnitTest, sql: string, session: Session): Promise<UnitTestOutcome> => {
    const [model = ''] = test.depends_on.nodes;
    const actual = await describeQuery(session, sql);
    const expected = await expectedSql(test, actual, session);
    const names = expected.columns.map(({ name }) => quoteIdentifier(name));
    const query = await renderer.callMacro(model, 'get_unit_test_sql', [sql, expected.sql, names]);
    const result = await session.query(String(query));
    const width = names.length;
    const rowsOf = (kind: string): (string | null)[][] =>
      result.rows.filter((row) => row[width] === kind).map((row) => row.slice(0, width));
    const difference = compareRows(
      expected.columns.map(({ name }) => name),
      rowsOf('expected'),
      rowsOf('actual'),
      rowKey(result.columns.map(({ typeOid }) => typeOid)),
    );
    if (difference === undefined) return { status: 'pass', message: null, failures: 0, difference };
    return {
      status: test.config.severity === 'warn' ? 'warn' : 'fail',
      message: formatRowDifference(difference),
      failures: 1,
      difference,
    };
  };

  return {
    compile: (test, session) =>
      located(test, async () => {
        const fixtures: readonly UnitTestFixture[] = await fixturesOf(manifest, columns, session, test);
        return renderer.compileUnitTest(test, fixtures);
      }),
    run: (test, sql, session) => located(test, () => run(test, sql, session)),
  };
}

function columnNamed(manifest: Manifest, test: UnitTest, name: string, columns: readonly Column[]): Column {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  throw new ChemflowError({
    code: 'UNIT_TEST.COLUMN',
    message: `Invalid column name: '${name}' in unit test fixture for expected output.`,
    hint: didYouMean(name, names) ?? `its columns are ${names.join(', ')}`,
    place: placeOfUnitTest(manifest, test, name),
    exitCode: 1,
  });
}
