import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import { withSnapshot } from '../../src/export/snapshot.js';
import { openExportProject, type ExportProject } from './export-project.js';

describe('chemflow export --verify', () => {
  let shop: ExportProject;

  beforeAll(async () => {
    shop = await openExportProject(
      {
        'models/sales.sql': `{{ config(materialized='table', unique_key='id') }}\nselect * from raw.sales\n`,
        'models/moment.sql': `select timestamptz '2024-03-01 00:00+00' as as_of\n`,
      },
      `create table raw.sales as select i as id, 'w' || i as word, i * 2 as price, case when i % 2 = 0 then 'train' else 'test' end as split from generate_series(1, 100) i`,
    );
    expect((await shop.project.call(['run'])).exitCode).toBe(0);
    const ended = await shop.project.call(['export', '--split', '--select', 'sales', '--out', 'out']);
    expect(ended.exitCode).toBe(0);
  });
  afterAll(() => shop.remove());

  const verify = async (): Promise<{ exitCode: number; lines: string[] }> => {
    const ended = await shop.project.call(['export', '--verify', 'out']);
    return { exitCode: ended.exitCode, lines: ended.stdout.trimEnd().split('\n') };
  };

  it('finds nothing where nothing has changed', async () => {
    expect(await verify()).toEqual({
      exitCode: 0,
      lines: ['public.sales (parquet): as exported, and as in the warehouse.'],
    });
  });

  it('names the columns whose values changed', async () => {
    await shop.sql('update public.sales set price = 0, word = null where id = 50');
    expect(await verify()).toEqual({ exitCode: 1, lines: ['VALUES public.sales: Values changed in word, price.'] });
    await shop.sql(`update public.sales set price = 100, word = 'w50' where id = 50`);
    expect((await verify()).exitCode).toBe(0);
  });

  it('names another number of rows', async () => {
    await shop.sql('delete from public.sales where id = 50');
    expect((await verify()).lines).toEqual(['ROWS public.sales: It has 99 rows now, and had 100.']);
    await shop.sql(`insert into public.sales values (50, 'w50', 100, 'train')`);
  });

  it('names columns that are new, gone or of another type', async () => {
    await shop.sql('alter table public.sales add extra int, alter price type bigint, drop word');
    expect(await verify()).toEqual({
      exitCode: 1,
      lines: [
        'COLUMNS public.sales: Column word is gone.',
        'COLUMNS public.sales: Column price is bigint now, and was integer.',
        'COLUMNS public.sales: Column extra is new.',
      ],
    });
    await shop.sql('drop table public.sales; create table public.sales as select * from raw.sales');
    expect((await verify()).exitCode).toBe(0);
  });

  it('names a relation that is gone', async () => {
    await shop.sql('alter table public.sales rename to away');
    expect((await verify()).lines).toEqual(['MODEL public.sales: It is not in the database any more.']);
    await shop.sql('alter table public.away rename to sales');
  });

  it('names a file that was changed, and one that is gone', async () => {
    const folder = join(shop.project.folder, 'out');
    appendFileSync(join(folder, 'public.sales.train.parquet'), 'x');
    rmSync(join(folder, 'public.sales.test.parquet'));
    const { exitCode, lines } = await verify();
    expect(exitCode).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('MISSING public.sales.parquet: public.sales.test.parquet is gone.');
    expect(lines[1]).toMatch(
      /^CORRUPTED public.sales.parquet: public.sales.train.parquet is not the file that was exported/,
    );
  });

  it('says that a folder holds no export', async () => {
    const ended = await shop.project.call(['export', '--verify', 'models']);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('EXPORT.NOTHING');
  });
});

describe('the snapshot of an export', () => {
  let shop: ExportProject;

  beforeAll(async () => {
    shop = await openExportProject(
      {},
      'create table raw.a as select 1 as n; create view raw.b as select * from raw.a; create materialized view raw.c as select * from raw.a',
    );
  });
  afterAll(() => shop.remove());

  it.each([
    [
      'a table is swapped',
      'create table raw.new_a as select 2 as n; create or replace view raw.b as select 2 as n; drop materialized view raw.c; drop table raw.a; alter table raw.new_a rename to a; create materialized view raw.c as select n from raw.a',
      2,
    ],
    [
      'a table is emptied and filled',
      'truncate raw.a; insert into raw.a values (3); refresh materialized view raw.c; create or replace view raw.b as select n from raw.a',
      3,
    ],
  ])('is taken anew where %s while it is taken, so that no relation is read empty', async (_, change, value) => {
    const adapter = createAdapter(shop.database.settings);
    let isChanged = false;
    const changing: typeof adapter = {
      ...adapter,
      open: async (name) => {
        const session = await adapter.open(name);
        return {
          ...session,
          query: async (sql, parameters) => {
            const result = await session.query(sql, parameters);
            // The first query of the transaction has taken the snapshot; now comes the run of somebody else.
            if (sql === 'select 1' && !isChanged) {
              isChanged = true;
              await shop.sql(change);
            }
            return result;
          },
        };
      },
    };
    const relations = ['a', 'b', 'c'].map((name) => ({ relation: `"raw"."${name}"`, name }));
    try {
      const seen = await withSnapshot(changing, relations, async ({ session }) => {
        const { rows } = await session.query(
          'select (select n from raw.a), (select n from raw.b), (select n from raw.c)',
        );
        return rows[0];
      });
      expect(isChanged).toBe(true);
      expect(seen).toEqual([String(value), String(value), String(value)]);
    } finally {
      await adapter.close();
    }
  });
});
