import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { macrosOf } from '../context/make-project.js';
import { openWarehouse, type Warehouse } from '../run/warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse();
});
afterAll(() => warehouse.close());

const rows = async (): Promise<unknown> =>
  (await warehouse.query("select string_agg(k || ':' || v, ' ' order by k, v) as rows from analytics.kept"))[0]?.rows;
const values = (list: string): string => `select * from (values ${list}) as t (k, v)`;
const model = (sql: string, config: object = {}) => ({
  kept: { sql, config: { materialized: 'incremental', ...config } },
});

beforeEach(async () => {
  await warehouse.query('drop table if exists analytics.kept');
});

describe('strategies', () => {
  const cases = [
    ['append', {}, '1:a 2:b 2:c 3:d', 'INSERT 0 2'],
    ['append', { unique_key: [] }, '1:a 2:b 2:c 3:d', 'INSERT 0 2'],
    ['delete+insert', { unique_key: 'k' }, '1:a 2:c 3:d', 'INSERT 0 2'],
    ['delete+insert', { unique_key: ['k', 'v'] }, '1:a 2:b 2:c 3:d', 'INSERT 0 2'],
    ['merge', { unique_key: 'k' }, '1:a 2:c 3:d', 'MERGE 2'],
    ['merge', { unique_key: 'k', merge_update_columns: ['k'] }, '1:a 2:b 3:d', 'MERGE 2'],
    ['merge', { unique_key: 'k', merge_exclude_columns: ['v'] }, '1:a 2:b 3:d', 'MERGE 2'],
    [undefined, { unique_key: 'k' }, '1:a 2:c 3:d', 'INSERT 0 2'],
    [undefined, {}, '1:a 2:b 2:c 3:d', 'INSERT 0 2'],
    [
      'delete+insert',
      { unique_key: 'k', incremental_predicates: ['DBT_INTERNAL_DEST.k < 2'] },
      '1:a 2:b 2:c 3:d',
      'INSERT 0 2',
    ],
    ['difference', { unique_key: 'k' }, '2:c 3:d', 'INSERT 0 2'],
    ['difference', { unique_key: ['k', 'v'] }, '2:c 3:d', 'INSERT 0 2'],
    [
      'difference',
      { unique_key: 'k', incremental_predicates: ['DBT_INTERNAL_DEST.k > 1'] },
      '1:a 2:c 3:d',
      'INSERT 0 2',
    ],
    // A row that the query gives is compared, whatever the predicates say.
    ['difference', { unique_key: 'k', incremental_predicates: ['false'] }, '1:a 2:c 3:d', 'INSERT 0 2'],
  ] as const;
  it('do what they say with single, composite and no keys', async () => {
    const nodes = (sql: string) =>
      Object.fromEntries(
        cases.map(([strategy, config], index) => [
          `kept_${index}`,
          { sql, config: { materialized: 'incremental', incremental_strategy: strategy, ...config } },
        ]),
      );
    await warehouse.run(nodes(values("(1, 'a'), (2, 'b')")));
    const results = await warehouse.run(nodes(values("(2, 'c'), (3, 'd')")));
    for (const [index, [strategy, config, expected, message]] of cases.entries()) {
      const [row] = await warehouse.query(
        `select string_agg(k || ':' || v, ' ' order by k, v) as rows from analytics.kept_${index}`,
      );
      expect({ strategy, config, rows: row?.rows, message: results[`kept_${index}`]?.message }).toEqual({
        strategy,
        config,
        rows: expected,
        message,
      });
    }
  });

  it('difference leaves rows alone that are the same, nulls too, and asks for a key', async () => {
    const nodes = (sql: string, config: object = { unique_key: 'k' }) =>
      model(sql, { incremental_strategy: 'difference', ...config });
    const places = async (): Promise<unknown> =>
      await warehouse.query('select k, v, ctid::text as place from analytics.kept where k < 3 order by k');
    await warehouse.run(nodes(values("(1, 'a'), (2, null), (3, 'b'), (4, null), (5, 'e')")));
    const before = await places();
    const results = await warehouse.run(nodes(values("(1, 'a'), (2, null), (3, null), (4, 'd'), (6, 'f')")));
    expect(results.kept?.message).toBe('INSERT 0 3');
    expect(await places()).toEqual(before);
    expect(await warehouse.query('select k, v from analytics.kept where k > 2 order by k')).toEqual([
      { k: 3, v: null },
      { k: 4, v: 'd' },
      { k: 6, v: 'f' },
    ]);
    const keyless = await warehouse.run(nodes(values("(1, 'a')"), {}));
    expect(keyless.kept?.message).toContain('compares rows by their unique_key, and kept has none');
  });

  it('names the macro that an unknown strategy lacks', async () => {
    await warehouse.run(model(values("(1, 'a')")));
    const results = await warehouse.run(model(values("(1, 'a')"), { incremental_strategy: 'sideways' }));
    expect(results.kept?.message).toContain('dbt could not find an incremental strategy macro');
  });

  it("calls a strategy of the project's own", async () => {
    const macros = macrosOf(
      'shop',
      '{% macro get_incremental_double_sql(arg_dict) %}insert into {{ arg_dict.target_relation }} select k * 2, v from {{ arg_dict.temp_relation }}{% endmacro %}',
    );
    await warehouse.run(model(values("(1, 'a')")));
    const results = await warehouse.run(model(values("(4, 'b')"), { incremental_strategy: 'double' }), { macros });
    expect(results.kept).toMatchObject({ status: 'success' });
    expect(await rows()).toBe('1:a 8:b');
  });
});

it('adds only what is_incremental() asks for, and everything again with --full-refresh unless the model says no', async () => {
  const sql =
    "select i as k, 'x' as v from generate_series(1, {{ 5 if is_incremental() else 3 }}) i {% if is_incremental() %} where i > (select max(k) from {{ this }}) {% endif %}";
  await warehouse.run(model(sql));
  expect(await rows()).toBe('1:x 2:x 3:x');
  await warehouse.run(model(sql));
  expect(await rows()).toBe('1:x 2:x 3:x 4:x 5:x');
  await warehouse.run(model(sql, { full_refresh: false }), { flags: { fullRefresh: true } });
  expect(await rows()).toBe('1:x 2:x 3:x 4:x 5:x');
  await warehouse.run(model(sql), { flags: { fullRefresh: true } });
  expect(await rows()).toBe('1:x 2:x 3:x');
});

describe('on_schema_change', () => {
  const changed = "select 2 as k, 'b'::text as v, true as more";
  const columns = async (): Promise<unknown> =>
    (
      await warehouse.query(
        "select string_agg(attname, ' ' order by attnum) as names from pg_attribute where attrelid = 'analytics.kept'::regclass and attnum > 0 and not attisdropped",
      )
    )[0]?.names;
  const first = "select 1 as k, 'a'::text as v, 0 as old";

  it('ignore writes the columns that there are', async () => {
    await warehouse.run(model("select 1 as k, 'a'::text as v"));
    expect((await warehouse.run(model(changed))).kept).toMatchObject({ status: 'success' });
    expect(await columns()).toBe('k v');
  });
  it('append_new_columns adds columns and keeps those that went', async () => {
    const config = { on_schema_change: 'append_new_columns' };
    await warehouse.run(model(first, config));
    expect((await warehouse.run(model(changed, config))).kept).toMatchObject({ status: 'success' });
    expect(await columns()).toBe('k v old more');
  });
  it('sync_all_columns adds, drops and changes types', async () => {
    const config = { on_schema_change: 'sync_all_columns' };
    await warehouse.run(model("select '1'::text as k, 'a'::text as v, 0 as old", config));
    expect((await warehouse.run(model(changed, config))).kept).toMatchObject({ status: 'success' });
    expect(await columns()).toBe('k v more');
    expect(await warehouse.query('select pg_typeof(k)::text as type, k from analytics.kept order by k')).toEqual([
      { type: 'integer', k: 1 },
      { type: 'integer', k: 2 },
    ]);
  });
  it('sync_all_columns stops where a view reads a column that would go', async () => {
    const config = { on_schema_change: 'sync_all_columns' };
    await warehouse.run(model(first, config));
    await warehouse.query('create view analytics.reader as select old from analytics.kept');
    const results = await warehouse.run(model(changed, config));
    expect(results.kept?.message).toContain('view analytics.reader reads old (gone)');
    await warehouse.query('drop view analytics.reader');
  });
  it('fail lists the differences and changes nothing', async () => {
    const config = { on_schema_change: 'fail' };
    await warehouse.run(model(first, config));
    const results = await warehouse.run(model(changed, config));
    expect(results.kept?.message).toBe(
      'Compilation Error: The source and target schemas of the incremental model kept are out of sync.\n  only in the query: more boolean\n  only in the table: old integer\n  of another type: none',
    );
  });
});

it('writes its state row in the transaction of its data', async () => {
  await warehouse.run(model(values("(1, 'a')")));
  await warehouse.run(model(values("(2, 'b')")));
  const [row] = await warehouse.query(
    "select (select n.xmin::text from chemflow.node_results n where node_id = 'model.shop.kept' order by started_at desc limit 1) = (select max(xmin::text::bigint)::text from analytics.kept) as same",
  );
  expect(row).toEqual({ same: true });
});
