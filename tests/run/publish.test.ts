import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { Adapter, Session } from '../../src/types/index.js';
import { openWarehouse, type Warehouse } from './warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse();
});
afterAll(() => warehouse.close());

const table = (sql: string, config: object = {}) => ({ sql, config: { materialized: 'table', ...config } });

it('leaves dependent views, materialized views, grants, comments, policies, triggers and publications in place, whoever made them', async () => {
  const people = {
    people: table('select i as id, i % 3 as kind from generate_series(1, 30) i', {
      indexes: [{ columns: ['id'], unique: true }],
    }),
  };
  await warehouse.run(people);
  await warehouse.query(`
    create role reporter; create schema theirs; grant usage on schema analytics to reporter;
    create view theirs.by_kind with (security_barrier) as select kind, count(*) as people from analytics.people group by kind;
    create view theirs.on_top as select * from theirs.by_kind where people > 1;
    create materialized view theirs.kept as select max(id) as top from analytics.people; create unique index on theirs.kept (top);
    create view theirs.on_kept as select top + 1 as next from theirs.kept; grant select on theirs.kept to reporter;
    grant select on analytics.people to reporter; grant update (kind) on analytics.people to reporter; grant select on theirs.by_kind to reporter;
    comment on table analytics.people is 'all of them'; comment on column analytics.people.id is 'the key';
    alter table analytics.people enable row level security; create policy small on analytics.people for select to reporter using (id < 10);
    create function theirs.noop() returns trigger language plpgsql as 'begin return new; end';
    create trigger watched before insert on analytics.people for each row execute function theirs.noop();
    create statistics theirs.linked on id, kind from analytics.people; create publication news for table analytics.people;
    alter table analytics.people set (fillfactor = 70)`);
  const facts = `select c.relname, c.reloptions::text, c.relacl::text, c.relrowsecurity, obj_description(c.oid) as comment, col_description(c.oid, 1) as first,
      (select string_agg(polname, ',') from pg_policy where polrelid = c.oid) as policies,
      (select string_agg(tgname, ',') from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers,
      (select string_agg(stxname, ',') from pg_statistic_ext where stxrelid = c.oid) as statistics,
      (select count(*)::int from pg_publication_rel where prrelid = c.oid) as publications,
      (select string_agg(attacl::text, ',') from pg_attribute where attrelid = c.oid) as columns,
      (select string_agg(ic.relname, ',') from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid) as indexes
    from pg_class c where c.relnamespace in ('analytics'::regnamespace, 'theirs'::regnamespace) and c.relkind in ('r', 'v', 'm') order by 1`;
  const before = await warehouse.query(facts);
  const results = await warehouse.run({
    people: table('select i as id, i % 4 as kind, 1 as more from generate_series(1, 40) i', {
      indexes: [{ columns: ['id'], unique: true }],
    }),
  });
  expect(results.people).toMatchObject({ status: 'success', message: 'SELECT 40', publication: 'rename' });
  expect(await warehouse.query(facts)).toEqual(before);
  expect(
    await warehouse.query('select next, (select count(*)::int from theirs.on_top) as kinds from theirs.on_kept'),
  ).toEqual([{ next: 41, kinds: 4 }]);
});

it('stops before building where a column that a dependent reads goes, with the list and the choices', async () => {
  const results = await warehouse.run({ people: table('select 1 as id, 2::bigint as kind') });
  expect(results.people?.status).toBe('error');
  expect(results.people?.message).toContain('view theirs.by_kind reads kind (its type changes)');
  expect(await warehouse.query('select count(*)::int as n from analytics.people')).toEqual([{ n: 40 }]);
});

it('rebuilds a table and its readers in one run although the columns change', async () => {
  const nodes = (column: string) => ({
    base: table(`select 1 as id, 2 as ${column}`),
    middle: { sql: `select id, ${column} as value from {{ ref('base') }}`, reads: ['base'] },
    top: {
      sql: "select sum(value) as total from {{ ref('middle') }}",
      reads: ['middle'],
      config: { materialized: 'materialized_view' },
    },
  });
  await warehouse.run(nodes('a'));
  const results = await warehouse.run(nodes('b'));
  expect(Object.values(results).map((result) => result.status)).toEqual(['success', 'success', 'success']);
  expect(
    await warehouse.query(
      `select relname from pg_class where relname like '%chemflow%' and relnamespace = 'analytics'::regnamespace`,
    ),
  ).toEqual([]);
});

it('keeps a materialized view of the run on the old table until its turn, and moves it on when its turn fails', async () => {
  const nodes = (n: number, sql: string) => ({
    facts: table(`select i as id from generate_series(1, ${n}) i`),
    total: { sql, reads: ['facts'], config: { materialized: 'materialized_view' } },
  });
  await warehouse.run(nodes(3, "select count(*) as n from {{ ref('facts') }}"));
  const results = await warehouse.run(nodes(5, "select nonsense from {{ ref('facts') }}"));
  expect(results.total?.status).toBe('error');
  expect(await warehouse.query('select n::int from analytics.total')).toEqual([{ n: 5 }]);
  expect(
    await warehouse.query(
      `select relname from pg_class where relname like '%chemflow%' and relnamespace = 'analytics'::regnamespace`,
    ),
  ).toEqual([]);
});

it('writes in place where a foreign key refers to the table, and rows that stay never go', async () => {
  const nodes = (n: number) => ({
    keyed: table(`select i as id, ${n} as version from generate_series(1, ${n}) i`, {
      indexes: [{ columns: ['id'], unique: true }],
    }),
  });
  await warehouse.run(nodes(3));
  await warehouse.query(
    'create table theirs.orders (person int references analytics.keyed (id)); insert into theirs.orders values (2)',
  );
  const results = await warehouse.run(nodes(5));
  expect(results.keyed).toMatchObject({ status: 'success', publication: 'in place' });
  expect(await warehouse.query('select count(*)::int as n, min(version) as v from analytics.keyed')).toEqual([
    { n: 5, v: 5 },
  ]);
});

it('writes in place while an older REPEATABLE READ reader is open, which then sees its own old rows', async () => {
  const nodes = (n: number) => ({ seen: table(`select i as id from generate_series(1, ${n}) i`) });
  await warehouse.run(nodes(3));
  const adapter = createAdapter(warehouse.adapter.settings);
  const reader = await adapter.open('a report');
  await reader.query('begin isolation level repeatable read; select 1');
  const results = await warehouse.run(nodes(7));
  expect(results.seen?.publication).toBe('in place');
  expect((await reader.query('select count(*) from analytics.seen')).rows).toEqual([['3']]);
  await reader.query('commit');
  await adapter.close();
  expect(await warehouse.query('select count(*)::int as n from analytics.seen')).toEqual([{ n: 7 }]);
});

it('writes in place where another owner, whose views may not be re-made, reads the table', async () => {
  await warehouse.query(`create role builder login nosuperuser password 'builder'; grant all on schema analytics to builder; create role stranger;
    create table analytics.shared as select 1 as id; alter table analytics.shared owner to builder; grant usage on schema chemflow to builder;
    create view theirs.strange as select id from analytics.shared; alter view theirs.strange owner to stranger`);
  const adapter = createAdapter({ ...warehouse.adapter.settings, user: 'builder', password: 'builder' });
  const results = await warehouse.run({ shared: table('select 5 as id') }, { adapter });
  expect(results.shared).toMatchObject({ status: 'success', publication: 'in place' });
  expect(await warehouse.query('select id from analytics.shared')).toEqual([{ id: 5 }]);
  await adapter.close();
});

it('changes a relation between view, table and materialized view', async () => {
  const one = (materialized: string) => ({ shape: { sql: 'select 1 as id', config: { materialized } } });
  for (const kind of [
    'view',
    'table',
    'materialized_view',
    'table',
    'view',
    'materialized_view',
    'view',
    'incremental',
  ]) {
    const results = await warehouse.run(one(kind));
    expect(results.shape).toMatchObject({ status: 'success' });
  }
});

it('rebuilds in one transaction with its hooks, names meaning what they meant', async () => {
  await warehouse.query("create schema own; create function own.seven() returns int language sql as 'select 7'");
  const nodes = (column: string) => ({
    whole: table(`select seven() as ${column}, 1 as id`, {
      'pre-hook': [{ sql: 'set local search_path to own', transaction: true }],
      'post-hook': [{ sql: 'insert into {{ this }} select seven(), 2', transaction: true }],
    }),
  });
  await warehouse.run(nodes('a'));
  await warehouse.query('create view theirs.of_whole as select id from analytics.whole');
  const results = await warehouse.run(nodes('b'));
  expect(results.whole).toMatchObject({ status: 'success', publication: 'rename' });
  expect(await warehouse.query('select count(*)::int as n from theirs.of_whole')).toEqual([{ n: 2 }]);
});

it('shows a reader in a loop neither an error nor an empty or half-built relation', async () => {
  const nodes = {
    big: table('select i as id, repeat(md5(i::text), 3) as text from generate_series(1, 3000) i', {
      indexes: [{ columns: ['id'], unique: true }],
    }),
    wide: { sql: "select * from {{ ref('big') }} where id > 0", reads: ['big'] },
    stats: {
      sql: "select count(*) as n from {{ ref('wide') }}",
      reads: ['wide'],
      config: { materialized: 'materialized_view' },
    },
    direct: {
      sql: "select count(*) as n from {{ ref('big') }}",
      reads: ['big'],
      config: { materialized: 'materialized_view', indexes: [{ columns: ['n'], unique: true }] },
    },
    grown: {
      sql: "select id from {{ ref('big') }}",
      reads: ['big'],
      config: { materialized: 'incremental', unique_key: 'id' },
    },
  };
  await warehouse.run(nodes);
  await warehouse.query(
    'create view theirs.outside as select count(*) as n from analytics.big; create materialized view theirs.copied as select * from analytics.big',
  );
  let isDone = false;
  const seen = new Set<string>();
  let reads = 0;
  const read = async (session: Session): Promise<void> => {
    while (!isDone) {
      const { rows } =
        await session.query(`select (select count(*) from analytics.big), (select count(*) from analytics.wide), (select n from analytics.stats),
        (select n from analytics.direct), (select n from theirs.outside), (select count(*) from theirs.copied), (select count(*) from analytics.grown)`);
      seen.add(JSON.stringify(rows));
      reads += 1;
    }
  };
  const readers = createAdapter(warehouse.adapter.settings);
  const loops = [readers.open('reader 1'), readers.open('reader 2')].map(async (opening) => read(await opening));
  for (let round = 0; round < 4; round += 1) {
    const results = await warehouse.run(nodes, round % 2 === 0 ? {} : { select: ['big'] });
    expect(Object.values(results).flatMap((result) => (result.status === 'success' ? [] : [result.message]))).toEqual(
      [],
    );
  }
  isDone = true;
  await Promise.all(loops);
  await readers.close();
  expect([...seen]).toEqual([JSON.stringify([['3000', '3000', '3000', '3000', '3000', '3000', '3000']])]);
  expect(reads).toBeGreaterThan(20);
});

it('looks at each relation once, and drops an old one only after its last reader in the run', async () => {
  const reader = (name: string) => ({
    sql: `select count(*) as ${name} from {{ ref('counted') }}`,
    reads: ['counted'],
    config: { materialized: 'materialized_view' },
  });
  const nodes = {
    counted: table('select i as id from generate_series(1, 5) i'),
    first: reader('first'),
    second: reader('second'),
    third: { ...reader('third'), sql: "select first + 1 as third from {{ ref('first') }}", reads: ['first'] },
  };
  await warehouse.run(nodes, { threads: 1 });
  const sent: string[] = [];
  const watched: Adapter = {
    ...warehouse.adapter,
    open: async (name, options) => {
      const session = await warehouse.adapter.open(name, options);
      return {
        ...session,
        query: (sql, parameters) => {
          sent.push(sql);
          return session.query(sql, parameters);
        },
      };
    },
  };
  const results = await warehouse.run(nodes, { threads: 1, adapter: watched, flags: { fullRefresh: true } });
  expect(Object.values(results).map(({ publication }) => publication)).toEqual(Array(4).fill('rename'));
  const drops = sent.filter((sql) => /drop (?:table|materialized view) if exists .*__chemflow_old_/.test(sql));
  expect(drops.map((sql) => /"(\w+)__chemflow_old_\d+"/.exec(sql)?.[1]).sort()).toEqual(['counted', 'first']);
  expect(sent.filter((sql) => sql.includes('execute chemflow_inspect'))).toHaveLength(4);
  expect(sent.filter((sql) => sql.includes('__chemflow_probe'))).toEqual([]);
  expect(await warehouse.query("select relname from pg_class where relname like '%chemflow_old%'")).toEqual([]);
});
