import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadProject, parseProject } from '../../src/project/index.js';
import { canaryTexts } from '../../src/sample/index.js';
import { packageRoot } from '../../src/util/package-root.js';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { withDatabase } from '../oracle/read-sources.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

let warehouse: WarehouseUnderTest;

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 400, seed: 3, until: '2026-03-20T12:00:00Z' });
});
afterAll(async () => {
  await warehouse.drop();
});

test('the first run gives the rows that the oracle computes', async () => {
  await warehouse.chemflow('run');
  expect(describeDifferences(await warehouse.differences())).toBe('');
});

test('an incremental run three days later gives the rows that the oracle computes', async () => {
  await warehouse.advance(3);
  await warehouse.chemflow('run');
  expect(describeDifferences(await warehouse.differences())).toBe('');
});

test('a full refresh gives the same rows', async () => {
  await warehouse.chemflow('run', '--full');
  expect(describeDifferences(await warehouse.differences())).toBe('');
});

test('the role of dashboards reads aggregates and that of training reads ai, and neither reads anything else', async () => {
  const login = `reader_${randomBytes(4).toString('hex')}`;
  const reads = async (role: string): Promise<Record<string, boolean>> => {
    await withDatabase(warehouse.analytics, async (ask) => {
      await ask(`create role ${login} login password 'a password for tests'`);
      await ask(`grant ${role} to ${login}`);
    });
    const reader = { ...warehouse.analytics, user: login, password: 'a password for tests' };
    const found: Record<string, boolean> = {};
    for (const relation of [
      'aggregates.daily_metrics',
      'aggregates.user_engagement_levels',
      'ai.training_data_activation',
      'core.unified_users',
      'staging.chemlink_persons',
      'chemflow.runs',
    ])
      found[relation] = await withDatabase(reader, (ask) => ask(`select 1 from ${relation} limit 1`)).then(
        () => true,
        (error: unknown) => {
          if (!String(error).includes('permission denied')) throw error;
          return false;
        },
      );
    await expect(withDatabase(reader, (ask) => ask('create table aggregates.mine (id int)'))).rejects.toThrow(
      'permission denied',
    );
    await withDatabase(warehouse.analytics, (ask) => ask(`drop role ${login}`));
    return found;
  };
  const nothing = {
    'aggregates.daily_metrics': false,
    'aggregates.user_engagement_levels': false,
    'ai.training_data_activation': false,
    'core.unified_users': false,
    'staging.chemlink_persons': false,
    'chemflow.runs': false,
  };
  expect(await reads('chemlink_dashboards')).toEqual({
    ...nothing,
    'aggregates.daily_metrics': true,
    'aggregates.user_engagement_levels': true,
  });
  expect(await reads('chemlink_training')).toEqual({ ...nothing, 'ai.training_data_activation': true });
});

test('every data test of the warehouse passes', async () => {
  await warehouse.chemflow('test');
});

test('what is built has the columns that are described, in their order', async () => {
  const project = loadProject({ projectDir: packageRoot, env: {} });
  const manifest = parseProject(project, {
    id: '00000000-0000-4000-8000-000000000000',
    startedAt: new Date(),
    flags: {
      which: 'parse',
      fullRefresh: false,
      failFast: false,
      storeFailures: false,
      empty: false,
      threads: 1,
      args: {},
    },
  });
  const described = Object.values(manifest.nodes).flatMap((node) =>
    node.resource_type === 'model' && node.config.materialized !== 'ephemeral'
      ? [[`${node.schema}.${node.alias}`, Object.keys(node.columns)] as const]
      : [],
  );
  const built = await withDatabase(warehouse.analytics, (ask) =>
    ask(
      `select nspname || '.' || relname as relation, string_agg(attname, ',' order by attnum) as columns
       from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
       where nspname in ('staging', 'core', 'aggregates', 'ai') and relkind in ('r', 'v', 'm') and attnum > 0 and not attisdropped
       group by 1`,
    ),
  );
  const columns = new Map(built.map((row) => [row['relation'], row['columns']?.split(',')]));
  expect(described.length).toBeGreaterThan(12);
  for (const [relation, names] of described) expect([relation, columns.get(relation)]).toEqual([relation, names]);
});

test('a target of an analyst builds beside the others, not over them', async () => {
  await warehouse.chemflow('run', '--target', 'dev', '--limit-rows', '50');
  const schemas = await withDatabase(warehouse.analytics, (ask) =>
    ask(`select nspname, (select count(*) from pg_class where relnamespace = n.oid and relkind in ('r', 'v', 'm')) as relations
         from pg_namespace n where nspname like 'dev%' order by 1`),
  );
  expect(schemas.map(({ nspname }) => nspname?.replace(/^dev_[^_]*_/, ''))).toEqual([
    'aggregates',
    'ai',
    'core',
    'staging',
  ]);
  expect(describeDifferences(await warehouse.differences())).toBe('');
});

test('a moment of the past in another time zone is described as the oracle describes it', async () => {
  const past = { asOf: '2026-02-10T04:30:00Z', timezone: 'America/New_York' };
  const vars = `{as_of: "${past.asOf}", timezone: ${past.timezone}}`;
  await warehouse.chemflow('run', '--select', 'staging.as_of+', '--vars', vars);
  expect(describeDifferences(await warehouse.differences(past))).toBe('');
});

test('no name, address or text of a person is found beyond staging', async () => {
  const leaks = await withDatabase(warehouse.analytics, async (ask) => {
    const relations = await ask(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
       where nspname in ('core', 'aggregates', 'ai') and relkind in ('r', 'v', 'm')`,
    );
    expect(relations.length).toBeGreaterThanOrEqual(8);
    const found: string[] = [];
    for (const { name } of relations) {
      for (const text of canaryTexts) {
        const pattern = text.toLowerCase().replaceAll("'", "''");
        const [row] = await ask(
          `select count(*) as n from ${name ?? ''} as t where strpos(lower(t::text), '${pattern}') > 0`,
        );
        if (row?.['n'] !== '0') found.push(`${name ?? ''}: ${text}`);
      }
    }
    return found;
  });
  expect(leaks).toEqual([]);
});
