import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import { migrationNames, openState } from '../../src/state/index.js';
import type { Adapter, RunResult, RunStart, State, Watermark } from '../../src/types/index.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let adapter: Adapter;
let state: State;

beforeAll(async () => {
  db = await createTestDatabase();
  adapter = createAdapter(db.settings);
  state = await openState(adapter);
});
afterAll(async () => {
  await state.close();
  await adapter.close();
  await db.drop();
});

const begin = (command: string, startedAt = new Date()): RunStart => ({
  id: randomUUID(),
  command,
  target: 'prod',
  startedAt,
  chemflowVersion: '0.1.0',
});

const result = (id: string, status: RunResult['status']): RunResult => ({
  id,
  status,
  message: "it's \\ fine",
  rowsAffected: 3,
  failures: null,
  startedAt: new Date(1_700_000_000_000),
  compiledAt: null,
  endedAt: new Date(1_700_000_001_000),
  threadId: 'Thread-1',
  adapterResponse: {},
  relationName: '"a"."b"."c"',
  compiledCode: null,
  publication: 'rename',
});

const watermark: Watermark = {
  stagingSchema: 'staging',
  stagingTable: 'a_b',
  sourceId: 'source.p.a.b',
  fingerprint: { systemIdentifier: '7', databaseOid: '5', databaseName: 'x' },
  sourceTable: 'public.b',
  incarnation: '16384',
  horizon: '18446744073709551615',
  cursor: '2026-01-01 00:00:00.123456+00',
  key: ['id', "o'dd"],
  columns: [{ name: 'id', dataType: 'bigint', notNull: true, position: 1 }],
  lastFullAt: new Date(1_700_000_000_000),
  lastRunAt: new Date(1_700_000_000_000),
  lastRunId: randomUUID(),
};

describe('the state', () => {
  test('applies its migrations once, also when two processes open it at the same time', async () => {
    const fresh = await createTestDatabase();
    const adapters = [createAdapter(fresh.settings), createAdapter(fresh.settings), createAdapter(fresh.settings)];
    await Promise.all(adapters.map((adapter) => openState(adapter)));
    const rows = await queryOnce(fresh.settings, 'select name from chemflow.migrations order by 1');
    expect(rows.map((row) => row.name)).toEqual(migrationNames());
    await Promise.all(adapters.map((adapter) => adapter.close()));
    await fresh.drop();
  });

  test('refuses a schema of a later chemflow', async () => {
    const fresh = await createTestDatabase();
    const other = createAdapter(fresh.settings);
    await (await openState(other)).close();
    await queryOnce(fresh.settings, `insert into chemflow.migrations values ('9999_future.sql')`);
    await expect(openState(other)).rejects.toMatchObject({ code: 'STATE.NEWER' });
    await other.close();
    await fresh.drop();
  });

  test('says what to grant where the user may not make the schema', async () => {
    const fresh = await createTestDatabase();
    await queryOnce(fresh.settings, `create role nobody_much login password 'x'`);
    const other = createAdapter({ ...fresh.settings, user: 'nobody_much', password: 'x' });
    await expect(openState(other)).rejects.toMatchObject({ code: 'STATE.PRIVILEGE' });
    await other.close();
    await fresh.drop();
    await queryOnce(db.settings, 'drop role nobody_much');
  });

  test('keeps runs and their results, newest first', async () => {
    const first = begin('run', new Date(1_700_000_000_000));
    const second = begin('run --full');
    await state.startRun(first);
    await state.recordResults(first.id, [result('model.p.a', 'success'), result('model.p.b', 'error')]);
    await state.recordResults(first.id, []);
    await state.finishRun({ id: first.id, status: 'failure', message: '1 failed' });
    await state.startRun(second);
    const history = await state.history(2);
    expect(history).toMatchObject([
      { id: second.id, status: 'running', endedAt: null, nodes: {}, extractedRows: 0 },
      {
        id: first.id,
        status: 'failure',
        message: '1 failed',
        nodes: { success: 1, error: 1 },
        startedAt: first.startedAt,
      },
    ]);
  });

  test('writes a watermark in the transaction that it is given', async () => {
    const session = await adapter.open('test');
    await session.query('begin');
    await state.setWatermark(session, watermark);
    expect((await state.watermarks('staging')).size).toBe(0);
    await session.query('commit');
    expect((await state.watermarks('staging')).get('a_b')).toEqual(watermark);
    await session.close();
  });

  test('writes a run’s end after its work was interrupted', async () => {
    const other = createAdapter(db.settings);
    const its = await openState(other);
    const run = begin('run');
    await its.startRun(run);
    await other.cancelAll();
    await its.finishRun({ id: run.id, status: 'interrupted' });
    expect((await state.history(1))[0]).toMatchObject({ id: run.id, status: 'interrupted' });
    await other.close();
  });
});

describe('the run lock', () => {
  test('lets one run in, and tells the second who holds it', async () => {
    const lock = await state.acquireRunLock('run --select x');
    await expect(state.acquireRunLock('run')).rejects.toMatchObject({
      code: 'STATE.LOCKED',
      message: expect.stringContaining(`chemflow run --select x, process ${process.pid} on`) as string,
    });
    await lock.release();
    expect(lock.lost.aborted).toBe(false);
    await (await state.acquireRunLock('run')).release();
  });

  test('says that it is lost when its connection dies, and is free again', async () => {
    const lock = await state.acquireRunLock('run');
    await queryOnce(
      db.settings,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chemflow run lock' and datname = current_database()`,
    );
    await expect.poll(() => lock.lost.aborted).toBe(true);
    expect(lock.lost.reason).toMatchObject({ code: 'STATE.LOCK_LOST' });
    await (await state.acquireRunLock('run')).release();
  });

  test('ends the queries that a killed run left on the server', async () => {
    const orphan = await adapter.open('chemflow thread 1');
    const query = orphan.query('select pg_sleep(60)').catch((error: unknown) => error);
    await (await state.acquireRunLock('run')).release();
    expect(await query).toMatchObject({ code: expect.stringContaining('57P01') as string });
    await orphan.close();
  });

  test('marks runs whose process vanished as abandoned', async () => {
    const run = begin('run', new Date(Date.now() + 1000));
    await state.startRun(run);
    await (await state.acquireRunLock('run')).release();
    expect((await state.history(1))[0]).toMatchObject({ id: run.id, status: 'abandoned' });
  });
});
