import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { Session } from '../../src/types/index.js';
import { createSetting, type Setting } from './setting.js';

type Write = 'insert' | 'update' | 'soft delete' | 'hard delete';
type End = 'commit' | 'rollback';

/** What one of three overlapping transactions does next, or an extraction between them. */
type Step =
  | { readonly do: Write; readonly writer: number; readonly row: number }
  | { readonly do: End; readonly writer: number }
  | { readonly do: 'extract' };

const writerCount = 3;
const writer = fc.nat({ max: writerCount - 1 });
const row = fc.nat({ max: 7 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('insert' as const, 'update' as const), writer, row }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('soft delete' as const, 'hard delete' as const), writer, row }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'commit' as const, 'rollback' as const), writer }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('extract' as const) }) },
);

let setting: Setting;
let writers: Session[];

beforeAll(async () => {
  setting = await createSetting();
  const adapter = createAdapter(setting.source.settings, { sessionSettings: { lock_timeout: '1ms' } });
  writers = await Promise.all(Array.from({ length: writerCount }, (_, index) => adapter.open(`writer ${index}`)));
});
afterAll(async () => {
  await Promise.all(writers.map((session) => session.close()));
  await setting.drop();
});

const tables = [{ name: 'things' }];

/** A statement of a transaction; what a lock of another one forbids is passed over, as an application would give up. */
async function apply(session: Session, sql: string): Promise<void> {
  await session.query('savepoint before');
  await session.query(sql).catch(() => session.query('rollback to savepoint before'));
}

function statementOf(action: Write, id: number, tick: number): string {
  switch (action) {
    case 'insert':
      return `insert into things values (${id}, ${tick}, null) on conflict (id) do nothing`;
    case 'update':
      return `update things set v = ${tick} where id = ${id}`;
    case 'soft delete':
      return `update things set deleted_at = now() where id = ${id}`;
    case 'hard delete':
      return `delete from things where id = ${id}`;
  }
}

describe('extraction between overlapping transactions', () => {
  test('loses no row, in whatever order they begin, write and end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        await setting.reset();
        await setting.write(`create table things (id int primary key, v int, deleted_at timestamptz);
          insert into things select n, 0, null from generate_series(0, 3) n`);
        const seen = new Set<string>();
        const remember = async (): Promise<void> => {
          for (const [id] of await setting.read('select id from staging.shop_things')) seen.add(id!);
        };
        await setting.extract(tables);
        const open = new Set<number>();
        for (const [tick, now] of steps.entries()) {
          if (now.do === 'extract') {
            expect(await setting.extract(tables)).toMatchObject([{ status: 'success', mode: 'incremental' }]);
            await remember();
            continue;
          }
          const session = writers[now.writer]!;
          if (!('row' in now)) {
            if (open.delete(now.writer)) await session.query(now.do);
          } else {
            if (!open.has(now.writer)) await session.query('begin');
            open.add(now.writer);
            await apply(session, statementOf(now.do, now.row, tick + 1));
          }
        }
        for (const index of open) await writers[index]!.query('commit');
        expect(await setting.extract(tables)).toMatchObject([{ status: 'success', mode: 'incremental' }]);

        const columns = `id, v, deleted_at at time zone 'UTC'`;
        const source = await writers[0]!.query(`select ${columns} from things order by id`);
        const staging = await setting.read(
          `select ${columns} from staging.shop_things where _source_deleted_at is null order by id`,
        );
        expect(staging).toEqual(source.rows);
        const all = new Set((await setting.read('select id from staging.shop_things')).map(([id]) => id));
        for (const id of seen) expect(all).toContain(id);
      }),
      { numRuns: 15 },
    );
  });
});
