import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAdapter, ensureDatabase, sqlErrorDetails } from '../../src/adapter/index.js';
import { ChemflowError, formatError } from '../../src/error/index.js';
import type { ConnectionSettings } from '../../src/types/index.js';
import {
  createTestDatabase,
  createTestServer,
  queryOnce,
  type TestDatabase,
  type TestServer,
} from '../support/database.js';

const salt = `sa lt\\ 'with" = everything -c x`;
let server: TestServer;
let db: TestDatabase;
let settings: ConnectionSettings;

beforeAll(async () => {
  server = await createTestServer({ settings: { log_statement: 'all', log_connections: 'on' } });
  db = await createTestDatabase({ server });
  settings = { ...db.settings, name: 'analytics', sessionSettings: { 'chemflow.hash_salt': salt } };
});
afterAll(async () => {
  await server.stop();
});
const variables = [
  'PGHOST',
  'PGPORT',
  'PGPASSWORD',
  'PGOPTIONS',
  'PGSSLMODE',
  'PGAPPNAME',
  'PGREPLICATION',
  'PGCLIENT_ENCODING',
];
afterEach(() => {
  for (const name of variables) Reflect.deleteProperty(process.env, name);
});

async function failure(work: Promise<unknown>): Promise<ChemflowError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChemflowError);
  return error as ChemflowError;
}

describe('a session', () => {
  test('begins with its settings, and the salt shows neither in the log, nor in pg_stat_activity, nor in an error', async () => {
    const adapter = createAdapter(settings);
    const session = await adapter.open('chemflow');
    expect((await session.query(`select current_setting('chemflow.hash_salt')`)).rows).toEqual([[salt]]);
    const error = await failure(session.query(`select current_setting('chemflow.hash_salt')::int`));
    expect(formatError(error)).toContain('***');
    expect(formatError(error)).not.toContain('everything');
    const seen = await queryOnce(db.settings, `select string_agg(a::text, ' ') as text from pg_stat_activity a`);
    expect(seen[0]!.text).not.toContain('everything');
    // The error is the server's own word for what was asked; chemflow's statements hold no salt.
    const statements = readFileSync(server.logFile, 'utf8')
      .split('\n')
      .filter((line) => !line.includes('ERROR:'));
    expect(statements.join('\n')).not.toContain('everything');
    await adapter.close();
  });

  test('takes nothing from PG* variables', async () => {
    for (const name of variables) process.env[name] = 'nonsense';
    process.env['PGSSLMODE'] = 'verify-full';
    const adapter = createAdapter({ ...settings, sslmode: 'disable' });
    const session = await adapter.open('mine');
    expect(
      await session.rows(`select current_setting('application_name') as name, current_setting('DateStyle') as style`),
    ).toEqual([{ name: 'mine', style: 'ISO, MDY' }]);
    await adapter.close();
    expect(await failure(createAdapter({ ...settings, password: undefined }).open('x'))).toMatchObject({
      code: 'CONNECT.PASSWORD',
    });
  });

  test('gives PostgreSQL’s own text, or JavaScript values where nothing is lost', async () => {
    const adapter = createAdapter(settings);
    const sql = `select 9007199254740993::int8 as a, 1.10::numeric as b, true as c, '{"x":[1]}'::jsonb as d, timestamptz '2020-01-01 00:00:00.123456+00' as e, array['x', null] as f, null as g, 3 as h`;
    const result = await adapter.withSession((session) => session.query(sql));
    expect(result.rows).toEqual([
      ['9007199254740993', '1.10', 't', '{"x": [1]}', expect.stringContaining('.123456'), '{x,NULL}', null, '3'],
    ]);
    expect(result).toMatchObject({ command: 'SELECT', rowCount: 1 });
    expect(result.columns[0]).toEqual({ name: 'a', typeOid: 20 });
    const [row] = await adapter.withSession((session) => session.rows(sql));
    expect(row).toMatchObject({
      a: '9007199254740993',
      b: '1.10',
      c: true,
      d: { x: [1] },
      f: ['x', null],
      g: null,
      h: 3,
    });
    await adapter.close();
  });

  test('returns the last of several statements, and tells notices once', async () => {
    const adapter = createAdapter(settings);
    const session = await adapter.open('x');
    const result = await session.query(`select 1; do $$ begin raise notice 'hear'; end $$; select 2 as two`);
    expect(result).toMatchObject({ rows: [['2']], columns: [{ name: 'two' }] });
    expect(session.takeNotices()).toEqual(['NOTICE: hear']);
    expect(session.takeNotices()).toEqual([]);
    await adapter.close();
  });

  test('reports SQL errors with their code, position, detail and statement', async () => {
    const adapter = createAdapter(settings);
    const session = await adapter.open('x');
    const error = await failure(session.query('select\n  nope from pg_class'));
    expect(error.code).toBe('SQL.42703');
    expect(sqlErrorDetails(error)).toMatchObject({
      position: 10,
      statement: 'select\n  nope from pg_class',
      connection: 'analytics',
    });
    expect(sqlErrorDetails(error.at({ file: 'a.sql', line: 1, column: 1 }))).toMatchObject({ sqlstate: '42703' });
    await session.query('create table once (id int primary key); insert into once values (1)');
    expect((await failure(session.query('insert into once values (1)'))).message).toContain(
      'Key (id)=(1) already exists.',
    );
    await adapter.close();
  });

  test('copies out and in, and stays usable after a copy that failed', async () => {
    const adapter = createAdapter(settings);
    const [from, to] = await Promise.all([adapter.open('from'), adapter.open('to')]);
    await to.query('create table numbers (n int check (n < 900000))');
    const good = to.copyFrom('copy numbers from stdin (format binary)');
    await pipeline(from.copyTo('copy (select generate_series(1, 200000)) to stdout (format binary)'), good);
    expect(good.rowCount).toBe(200_000);
    const bad = to.copyFrom('copy numbers from stdin');
    expect(
      await failure(pipeline(from.copyTo('copy (select generate_series(800000, 2000000)) to stdout'), bad)),
    ).toMatchObject({ code: 'SQL.23514' });
    expect((await to.query('select count(*) from numbers')).rows).toEqual([['200000']]);
    const cut = to.copyFrom('copy numbers from stdin');
    const other = await adapter.open('other');
    expect(
      await failure(
        pipeline(other.copyTo('copy (select 1 / (n - 100000) from generate_series(1, 200000) n) to stdout'), cut),
      ),
    ).toMatchObject({ code: 'SQL.22012' });
    expect((await to.query('select count(*) from numbers')).rows).toEqual([['200000']]);
    expect((await other.query('select 1')).rows).toEqual([['1']]);
    await adapter.close();
  });

  test('can be cancelled, and is usable afterwards', async () => {
    const adapter = createAdapter(settings);
    const session = await adapter.open('x');
    const sleeping = failure(session.query('select pg_sleep(60)'));
    setTimeout(() => void session.cancel(), 200);
    expect(await sleeping).toMatchObject({ code: 'SQL.57014' });
    expect((await session.query('select 1')).rows).toEqual([['1']]);
    await adapter.close();
  });

  test('says that its connection was lost', async () => {
    const adapter = createAdapter(settings);
    const session = await adapter.open('x');
    const sleeping = failure(session.query('select pg_sleep(60)'));
    await queryOnce(db.settings, `select pg_terminate_backend(${session.backendPid})`);
    expect((await sleeping).code).toMatch(/^(SQL\.57P01|CONNECT\.LOST)$/);
    await session.ended;
    expect((await failure(session.query('select 1'))).code).toBe('CONNECT.LOST');
    await adapter.close();
  });
});

describe('an adapter', () => {
  test('hands out at most so many sessions, and none with an open transaction', async () => {
    const adapter = createAdapter(settings, { poolSize: 2 });
    const pids = new Set<number>();
    await Promise.all(
      Array.from({ length: 8 }, () =>
        adapter.withSession(async (session) => {
          pids.add(session.backendPid);
          await session.query('select pg_sleep(0.02)');
        }),
      ),
    );
    expect(pids.size).toBe(2);
    await failure(
      adapter.withSession(async (session) => {
        await session.query('begin; create table never (id int)');
        await session.query('select nonsense');
      }),
    );
    expect((await adapter.withSession((session) => session.query(`select to_regclass('never')`))).rows).toEqual([
      [null],
    ]);
    await adapter.close();
  });

  test('cancels everything at once and refuses more, but for bookkeeping', async () => {
    const adapter = createAdapter(settings);
    const book = await adapter.open('book', { bookkeeping: true });
    const session = await adapter.open('x');
    const works = [
      session.query('select pg_sleep(60)'),
      adapter.withSession((own) => own.query('select pg_sleep(60)')),
    ].map(failure);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await adapter.cancelAll();
    for (const work of works) expect(await work).toMatchObject({ code: 'RUN.INTERRUPTED' });
    expect(await failure(session.query('select 1'))).toMatchObject({ code: 'RUN.INTERRUPTED' });
    expect(await failure(adapter.open('y'))).toMatchObject({ code: 'RUN.INTERRUPTED' });
    expect((await book.query('select 1')).rows).toEqual([['1']]);
    await adapter.close();
  });

  test('hands out a session that was expected, once, and closes one that nobody asks for', async () => {
    const adapter = createAdapter(settings);
    for (const name of ['expected', 'never asked for']) adapter.expect(name, { bookkeeping: true });
    const [first, second] = [await adapter.open('expected'), await adapter.open('expected')];
    expect(first.backendPid).not.toBe(second.backendPid);
    expect((await first.query('show application_name')).rows).toEqual([['expected']]);
    await adapter.cancelAll();
    expect((await first.query('select 1')).rows).toEqual([['1']]);
    await adapter.close();
    await expect
      .poll(() => queryOnce(db.settings, `select from pg_stat_activity where application_name ~ 'expected|never'`))
      .toEqual([]);
  });

  test('tells an error of an expected session to who asks for it', async () => {
    const adapter = createAdapter({ ...settings, port: 1 });
    adapter.expect('x');
    expect(await failure(adapter.open('x'))).toMatchObject({ code: 'CONNECT.NO_SERVER' });
    await adapter.close();
  });

  test('knows what the server can do', async () => {
    const adapter = createAdapter(settings);
    const { serverVersion, hasMerge } = await adapter.capabilities();
    expect(serverVersion).toBeGreaterThanOrEqual(140_000);
    expect(hasMerge).toBe(serverVersion >= 150_000);
    await adapter.close();
  });
});

describe('a connection that can not be opened', () => {
  test.each<[string, Partial<ConnectionSettings>]>([
    ['CONNECT.PASSWORD', { password: 'not the secret' }],
    ['CONNECT.UNKNOWN_HOST', { host: 'no-such-host.invalid' }],
    ['CONNECT.NO_SERVER', { port: 1 }],
    ['CONNECT.NO_DATABASE', { database: 'nowhere' }],
    ['CONNECT.SSL', { sslmode: 'require' }],
    ['CONNECT.SSL', { sslmode: 'verify-full', sslrootcert: '/no/such/file' }],
    ['CONNECT.SSL', { sslmode: 'require', sslrootcert: 'system' }],
  ])('is %s for %o', async (code, change) => {
    const error = await failure(createAdapter({ ...settings, ...change }).open('x'));
    expect(error.code).toBe(code);
    expect(error.message).toContain('analytics');
    expect(formatError(error)).not.toMatch(/not the secret|everything/);
  });
});

describe('ensureDatabase', () => {
  test('creates what is missing, once', async () => {
    const missing = { ...settings, database: 'made "here"' };
    expect(await Promise.all([ensureDatabase(missing), ensureDatabase(missing)])).toContain('created');
    expect(await ensureDatabase(missing)).toBe('existed');
  });

  test('creates it as an ordinary user who may, and who owns it then', async () => {
    const name = `of_a_maker_${String(process.pid)}`;
    await queryOnce(db.settings, `create role maker_${String(process.pid)} login createdb password 'maker'`);
    const maker = { ...settings, user: `maker_${String(process.pid)}`, password: 'maker', database: name };
    expect(await ensureDatabase(maker)).toBe('created');
    expect(
      await queryOnce(
        db.settings,
        `select pg_get_userbyid(datdba) as owner from pg_database where datname = '${name}'`,
      ),
    ).toEqual([{ owner: maker.user }]);
    await queryOnce(db.settings, `drop database ${name}`);
    await queryOnce(db.settings, `drop role ${maker.user}`);
  });

  test('gives the SQL to type where the user may not', async () => {
    await queryOnce(db.settings, `create role weak login password 'weak'`);
    const error = await failure(ensureDatabase({ ...settings, user: 'weak', password: 'weak', database: 'wanted' }));
    expect(error.code).toBe('CONFIG.NO_DATABASE');
    expect(error.hint).toContain('CREATE DATABASE "wanted" OWNER "weak"');
  });
});
