import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWarehouse, type Warehouse } from '../run/warehouse.js';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse();
  await warehouse.query('create schema raw; create table raw.people (id int, name text, at timestamp)');
});
afterAll(() => warehouse.close());

const fill = (rows: string): Promise<unknown> =>
  warehouse.query(`truncate raw.people; insert into raw.people values ${rows}`);
let name = 0;
const snapshotOf = (config: object) => {
  name += 1;
  const alias = `history_${name}`;
  const take = async (sql = 'select * from raw.people'): Promise<string> => {
    const results = await warehouse.run({
      [alias]: { sql, kind: 'snapshot', config: { unique_key: 'id', ...config } },
    });
    const result = results[alias];
    return `${result?.status}: ${result?.message}`;
  };
  const rows = async (
    columns = "id || name || case when dbt_valid_to is null then ' open' else ' closed' end",
  ): Promise<unknown> =>
    (
      await warehouse.query(
        `select string_agg(${columns}, ', ' order by id, dbt_valid_from) as rows from analytics.${alias}`,
      )
    )[0]?.rows;
  return { take, rows, alias };
};

describe('timestamp strategy', () => {
  it('closes rows that changed and adds their new version', async () => {
    const { take, rows } = snapshotOf({ strategy: 'timestamp', updated_at: 'at' });
    await fill("(1, 'a', '2024-01-01'), (2, 'b', '2024-01-01')");
    expect(await take()).toBe('success: SELECT 2');
    expect(await take()).toBe('success: INSERT 0 0');
    await fill("(1, 'x', '2024-01-02'), (3, 'c', '2024-01-02')");
    expect(await take()).toBe('success: INSERT 0 2');
    expect(await rows()).toBe('1a closed, 1x open, 2b open, 3c open');
  });
});

describe('check strategy', () => {
  it('compares the listed columns, null-safe', async () => {
    const { take, rows } = snapshotOf({ strategy: 'check', check_cols: ['name'] });
    await fill("(1, 'a', '2024-01-01'), (2, 'b', null)");
    await take();
    await fill("(1, 'a', '2025-01-01'), (2, 'z', null)");
    expect(await take()).toBe('success: INSERT 0 1');
    expect(await rows()).toBe('1a open, 2b closed, 2z open');
  });

  it('compares all columns, adds new ones and invalidates what was deleted', async () => {
    const { take, rows, alias } = snapshotOf({ strategy: 'check', check_cols: 'all', hard_deletes: 'invalidate' });
    await fill("(1, 'a', '2024-01-01'), (2, 'b', '2024-01-01')");
    await take();
    await fill("(1, 'a', '2024-01-01')");
    expect(await take()).toBe('success: INSERT 0 0');
    expect(await rows()).toBe('1a open, 2b closed');
    await take('select *, 7 as more from raw.people');
    expect(await rows()).toBe('1a closed, 1a open, 2b closed');
    expect(await warehouse.query(`select count(more)::int as n from analytics.${alias}`)).toEqual([{ n: 1 }]);
  });
});

it('hard_deletes new_record keeps a record of the deletion, once, and of the return', async () => {
  const { take, rows } = snapshotOf({ strategy: 'check', check_cols: 'all', hard_deletes: 'new_record' });
  const columns = "id || ' ' || dbt_is_deleted || case when dbt_valid_to is null then ' open' else ' closed' end";
  await fill("(1, 'a', '2024-01-01')");
  await take();
  await fill("(2, 'b', '2024-01-01')");
  await take();
  await take();
  expect(await rows(columns)).toBe('1 False closed, 1 True open, 2 False open');
  await fill("(1, 'a', '2024-01-01'), (2, 'b', '2024-01-01')");
  await take();
  expect(await rows(columns)).toBe('1 False closed, 1 True closed, 1 False open, 2 False open');
});

it('takes a list of keys, own column names and an own end of validity', async () => {
  const { take, alias } = snapshotOf({
    strategy: 'timestamp',
    updated_at: 'at',
    unique_key: ['id', 'name'],
    dbt_valid_to_current: "to_date('9999-12-31', 'YYYY-MM-DD')",
    snapshot_meta_column_names: { dbt_valid_from: 'begins', dbt_valid_to: 'ends', dbt_scd_id: 'version_id' },
  });
  await fill("(1, 'a', '2024-01-01')");
  await take();
  await fill("(1, 'a', '2024-02-01'), (1, 'b', '2024-01-01')");
  expect(await take()).toBe('success: INSERT 0 2');
  expect(
    await warehouse.query(
      `select name, begins::date::text, ends::date::text, length(version_id) as n from analytics.${alias} order by 1, 2`,
    ),
  ).toEqual([
    { name: 'a', begins: '2024-01-01', ends: '2024-02-01', n: 32 },
    { name: 'a', begins: '2024-02-01', ends: '9999-12-31', n: 32 },
    { name: 'b', begins: '2024-01-01', ends: '9999-12-31', n: 32 },
  ]);
});

it('says which of its columns a table lacks', async () => {
  await warehouse.query('create table analytics.poor as select 1 as id');
  const results = await warehouse.run({
    poor: {
      sql: 'select * from raw.people',
      kind: 'snapshot',
      config: { unique_key: 'id', strategy: 'check', check_cols: 'all' },
    },
  });
  expect(results.poor?.message).toContain(
    'Snapshot target is missing configured columns: dbt_valid_from, dbt_valid_to, dbt_scd_id, dbt_updated_at',
  );
});
