import { ChemflowError } from '../../src/error/index.js';
import type {
  DataTest,
  Manifest,
  Model,
  ResourceId,
  Session,
  UnitTest,
  UnitTestFixture,
} from '../../src/types/index.js';
import { quoteIdentifier } from '../../src/util/sql-text.js';
import { compareRows, rowKey } from '../../src/unit-tests/compare-rows.js';
import { fixturesOf, matchColumns } from '../../src/unit-tests/fixtures.js';
import type { InputColumns } from '../../src/unit-tests/input-columns.js';
import { describeQuery } from '../../src/unit-tests/query-columns.js';
import type { Column } from '../../src/types/index.js';
import { fingerprint, relationName, type Laboratory, AskedDatabase } from './laboratory.js';
import type { Mutant } from './mutants.js';
import { createRenderings, type Renderings } from './renderings.js';

/** How a mutant ended. Only killed and survived ones count. */
export interface Verdict {
  readonly outcome: 'killed' | 'survived' | 'does not build' | 'not rendered';
  /** The test that killed it, or why it does not build. */
  readonly by: string;
}

/** Tries mutants on one copy of the warehouse, one after the other. */
export interface Trial {
  /** The tests that fail without any mutant; there must be none. */
  readonly failing: readonly string[];
  run(mutant: Mutant): Promise<Verdict>;
}

/** A unit test with what does not depend on any mutant. */
interface PreparedUnitTest {
  readonly test: UnitTest;
  readonly fixtures: readonly UnitTestFixture[];
  readonly base: string;
  readonly columns: readonly string[];
  readonly expectedSql: string;
}

const isSqlState = (error: unknown, pattern: RegExp): boolean =>
  error instanceof ChemflowError && pattern.test(error.code);

/** Relations that a resource reads, ephemeral models looked through. */
function relationsOf(manifest: Manifest, id: ResourceId): ResourceId[] {
  return (
    (manifest.nodes[id] ?? manifest.unitTests[id])?.depends_on.nodes.flatMap((parent) =>
      manifest.nodes[parent]?.config.materialized === 'ephemeral' ? relationsOf(manifest, parent) : [parent],
    ) ?? []
  );
}

/** Which nodes may render otherwise when a subject is changed: those that mention it, or a macro that does, and what reads ephemeral ones of them. */
function usersOf(manifest: Manifest, subjectId: ResourceId): (id: ResourceId) => boolean {
  const mentions = (text: string, names: ReadonlySet<string>): boolean =>
    [...text.matchAll(/\w+/g)].some(([word]) => names.has(word));
  const names = new Set<string>();
  const subject = manifest.macros[subjectId];
  if (subject !== undefined) names.add(subject.name);
  const macros = Object.values(manifest.macros).filter((macro) => macro.package_name === subject?.package_name);
  for (let count = -1; count !== names.size;) {
    count = names.size;
    for (const macro of macros) if (mentions(macro.macro_sql, names)) names.add(macro.name.replace(/^test_/, ''));
  }
  const known = new Map<ResourceId, boolean>();
  const uses = (id: ResourceId): boolean => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const node = manifest.nodes[id];
    const result =
      node !== undefined &&
      (id === subjectId ||
        mentions(`${node.raw_code} ${'test_metadata' in node ? (node.test_metadata?.name ?? '') : ''}`, names) ||
        node.depends_on.nodes.some(
          (parent) => manifest.nodes[parent]?.config.materialized === 'ephemeral' && uses(parent),
        ));
    known.set(id, result);
    return result;
  };
  return uses;
}

/** Columns as the laboratory's catalog has them, for the fixtures of unit tests. */
function catalogColumns(laboratory: Laboratory, base: Renderings): InputColumns {
  const { manifest, database } = laboratory.templates;
  return {
    find: async (session, ids) => {
      const found = new Map<ResourceId, readonly Column[]>();
      for (const id of ids) {
        const resource = manifest.nodes[id] ?? manifest.sources[id];
        if (resource === undefined) continue;
        const identifier = resource.resource_type === 'source' ? resource.identifier : resource.alias;
        const columns = database.columns({ database: '', schema: resource.schema, identifier });
        found.set(id, columns.length > 0 ? columns : await describeQuery(session, base.sql(id)));
      }
      return found;
    },
  };
}

/** A test that asks the database what to look at (the search for personal data) is about every table at once, and kills no mutant here. */
function canBeRendered(test: DataTest, base: Renderings): boolean {
  try {
    base.sql(test.unique_id);
    return true;
  } catch (error) {
    if (error instanceof AskedDatabase || (error instanceof Error && error.cause instanceof AskedDatabase))
      return false;
    throw error;
  }
}

/** Makes the trials of one copy: fills every model anew, so that all are as their queries say, and remembers what they hold. */
export async function openTrial(laboratory: Laboratory, session: Session): Promise<Trial> {
  const { manifest } = laboratory.templates;
  const base = createRenderings(laboratory.templates);
  const models = laboratory.order
    .map((id) => manifest.nodes[id])
    .filter((node): node is Model => node?.resource_type === 'model' && node.config.materialized !== 'ephemeral');
  const position = new Map(models.map((model, index) => [model.unique_id, index]));
  const fill = async (model: Model, sql: string): Promise<void> => {
    await session.query(`truncate ${relationName(model)};\ninsert into ${relationName(model)}\n${sql}`);
  };
  const prints = new Map<ResourceId, string>();
  for (const model of models) {
    await fill(model, base.sql(model.unique_id));
    await session.query(`analyze ${relationName(model)}`);
    prints.set(model.unique_id, await fingerprint(session, relationName(model)));
  }
  const unitTests = await prepareUnitTests(laboratory, base, session);
  const tests = Object.values(manifest.nodes).filter(
    (node): node is DataTest =>
      node.resource_type === 'test' &&
      String(node.config.severity ?? 'error').toLowerCase() === 'error' &&
      canBeRendered(node, base),
  );
  const parents = new Map([...tests, ...models].map((node) => [node.unique_id, relationsOf(manifest, node.unique_id)]));
  /** Of each place in the order, the tests that can be run when the model there is filled. */
  const readyAt = new Map<number, DataTest[]>();
  for (const test of tests) {
    const places = (parents.get(test.unique_id) ?? []).flatMap((id) => position.get(id) ?? []);
    if (places.length === 0) continue;
    const last = Math.max(...places);
    readyAt.set(last, [...(readyAt.get(last) ?? []), test]);
  }

  const firstFailing = async (chosen: readonly DataTest[], renderings: Renderings): Promise<string | undefined> => {
    for (let at = 0; at < chosen.length; at += 25) {
      const batch = chosen.slice(at, at + 25);
      const judged = batch.map((test) => {
        const calc = String(test.config['fail_calc'] ?? 'count(*)');
        const errorIf = String(test.config['error_if'] ?? '!= 0');
        return `(select coalesce((${calc}) ${errorIf}, false) from (\n${renderings.sql(test.unique_id)}\n) as failing)`;
      });
      const { rows } = await session.query(`select ${judged.join(',\n')}`);
      const failed = (rows[0] ?? []).indexOf('t');
      if (failed !== -1) return batch[failed]?.name;
    }
    return undefined;
  };

  const runUnitTest = async (prepared: PreparedUnitTest, sql: string): Promise<boolean> => {
    const names = prepared.columns.join(', ');
    const result = await session.query(
      `select ${names}, 'actual' from (\n${sql}\n) as actual union all select ${names}, 'expected' from (\n${prepared.expectedSql}\n) as expected`,
    );
    const width = prepared.columns.length;
    const rowsOf = (kind: string): (readonly (string | null)[])[] =>
      result.rows.filter((row) => row[width] === kind).map((row) => row.slice(0, width));
    const key = rowKey(result.columns.map(({ typeOid }) => typeOid));
    return compareRows(prepared.columns, rowsOf('expected'), rowsOf('actual'), key) === undefined;
  };

  const failing: string[] = [];
  for (const prepared of unitTests)
    if (!(await runUnitTest(prepared, prepared.base))) failing.push(`unit test ${prepared.test.name}`);
  const failedTest = await firstFailing(
    tests.filter((test) => parents.get(test.unique_id)?.some((id) => position.has(id))),
    base,
  );
  if (failedTest !== undefined) failing.push(failedTest);

  /** The first unit test that sees the mutant, or the error by which a mutant cannot be built. */
  const tryUnitTests = async (
    uses: (id: ResourceId) => boolean,
    renderings: Renderings,
  ): Promise<Verdict | 'unseen' | 'not rendered'> => {
    let isRendered = false;
    for (const prepared of unitTests) {
      if (!uses(prepared.test.depends_on.nodes[0] ?? '')) continue;
      const sql = renderings.unitSql(prepared.test, prepared.fixtures);
      if (sql === prepared.base) continue;
      isRendered = true;
      try {
        if (!(await runUnitTest(prepared, sql))) return { outcome: 'killed', by: `unit test ${prepared.test.name}` };
      } catch (error) {
        if (isSqlState(error, /^SQL\.42/)) return { outcome: 'does not build', by: (error as Error).message };
        return { outcome: 'killed', by: `unit test ${prepared.test.name}` };
      }
    }
    return isRendered ? 'unseen' : 'not rendered';
  };

  const rebuild = async (uses: (id: ResourceId) => boolean, renderings: Renderings): Promise<Verdict | undefined> => {
    const dirty = new Set<ResourceId>();
    let current = '';
    try {
      for (const [index, model] of models.entries()) {
        const id = model.unique_id;
        const isMutated = uses(id) && renderings.sql(id) !== base.sql(id);
        if (isMutated || parents.get(id)?.some((parent) => dirty.has(parent)) === true) {
          current = `building ${model.name}`;
          await fill(model, isMutated ? renderings.sql(id) : base.sql(id));
          if ((await fingerprint(session, relationName(model))) !== prints.get(id)) dirty.add(id);
        }
        const ready = (readyAt.get(index) ?? []).filter(
          (test) =>
            parents.get(test.unique_id)?.some((parent) => dirty.has(parent)) === true ||
            (uses(test.unique_id) && renderings.sql(test.unique_id) !== base.sql(test.unique_id)),
        );
        current = `a test of ${model.name}`;
        const failed = await firstFailing(ready, renderings);
        if (failed !== undefined) return { outcome: 'killed', by: failed };
      }
      return undefined;
    } catch (error) {
      if (isSqlState(error, /^SQL\.42/)) return { outcome: 'does not build', by: (error as Error).message };
      return { outcome: 'killed', by: `${current}: ${(error as Error).message}` };
    }
  };

  return {
    failing,
    run: async (mutant) => {
      const uses = usersOf(manifest, mutant.subject.id);
      const renderings = createRenderings(laboratory.templates, mutant);
      try {
        const unit = await tryUnitTests(uses, renderings);
        if (typeof unit === 'object') return unit;
        const isRendered = models.some(
          (model) => uses(model.unique_id) && renderings.sql(model.unique_id) !== base.sql(model.unique_id),
        );
        if (!isRendered) return { outcome: unit === 'unseen' ? 'survived' : 'not rendered', by: '' };
        await session.query('begin');
        try {
          return (await rebuild(uses, renderings)) ?? { outcome: 'survived', by: '' };
        } finally {
          await session.query('rollback');
        }
      } catch (error) {
        // Jinja that breaks is a template that no run would accept.
        if (error instanceof ChemflowError) return { outcome: 'does not build', by: error.message };
        throw error;
      }
    },
  };
}

async function prepareUnitTests(
  laboratory: Laboratory,
  base: Renderings,
  session: Session,
): Promise<PreparedUnitTest[]> {
  const { manifest } = laboratory.templates;
  const columns = catalogColumns(laboratory, base);
  const prepared: PreparedUnitTest[] = [];
  for (const test of Object.values(manifest.unitTests)) {
    const [model = ''] = test.depends_on.nodes;
    const fixtures = (await fixturesOf(manifest, columns, session, test)).map((fixture) =>
      typeof fixture.rows === 'string'
        ? fixture
        : { ...fixture, rows: base.macro(model, 'get_fixture_sql', [fixture.rows, fixture.types]).trim() },
    );
    const sql = base.unitSql(test, fixtures);
    const actual = await describeQuery(session, sql);
    const { rows } = test.expect;
    if (typeof rows === 'string') continue;
    const matched = matchColumns(rows, actual, test.name, () => ({ file: '', line: 1, column: 1 }));
    const named = new Set(matched.flatMap((row) => Object.keys(row)));
    const compared = named.size === 0 ? actual : actual.filter(({ name }) => named.has(name));
    const types = Object.fromEntries(compared.map(({ name, dataType }) => [name, dataType]));
    prepared.push({
      test,
      fixtures,
      base: sql,
      columns: compared.map(({ name }) => quoteIdentifier(name)),
      expectedSql: base.macro(model, 'get_expected_sql', [matched, types, {}]),
    });
  }
  return prepared;
}
