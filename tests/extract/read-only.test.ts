import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../support/database.js';
import { createSetting, type Setting } from './setting.js';

let server: TestServer;
let setting: Setting;

beforeAll(async () => {
  server = await createTestServer({
    settings: { log_statement: 'all', log_line_prefix: '<%d|%a> ', log_min_duration_statement: '0' },
  });
  setting = await createSetting(
    `create table a (id int primary key, v text, at timestamptz default now());
     insert into a (id) values (1), (2), (3);
     create table b (v text); insert into b values ('x');
     create view c as select * from a;`,
    server,
  );
});
afterAll(async () => {
  await setting.drop();
  await server.stop();
});

/** What was sent to the source database by all but the test's own writer, from the server's log. */
function statementsAtSource(): string[] {
  const log = readFileSync(server.logFile, 'utf8');
  const entries = log.split(/^(?=<)/m);
  return entries.flatMap((entry) => {
    const [, database, application, statement] =
      /^<([^|]*)\|([^>]*)> LOG: {2}(?:duration: [^\n]*? {2})?(?:statement|execute [^:]*): ([\s\S]*)$/.exec(entry) ?? [];
    const isOurs = database === setting.source.settings.database && application?.startsWith('chemflow') === true;
    return isOurs && statement !== undefined ? [statement.trim()] : [];
  });
}

describe('a source', () => {
  test('is sent nothing but SELECT, COPY TO, settings and the ends of transactions, in every mode', async () => {
    const tables = [{ name: 'a', cursor: 'at' }, { name: 'b', key: [] }, { name: 'c' }];
    await setting.extract(tables);
    await setting.write(`delete from a where id = 1; update a set v = 'x' where id = 2`);
    await setting.extract(tables);
    await setting.extract(tables, { kind: 'full' });
    await setting.extract(tables, { kind: 'range', start: '2020-01-01' });
    await setting.extract([{ name: 'a' }, { name: 'missing' }], { kind: 'auto', limitRows: 1 });

    const statements = statementsAtSource();
    expect(statements.length).toBeGreaterThan(20);
    // A simple query may hold several statements; none of chemflow's to a source has a semicolon in a text.
    const kinds = statements
      .flatMap((statement) => statement.split(';'))
      .map((statement) => statement.trim().toLowerCase())
      .map((statement) =>
        /^copy [\s\S]* to stdout \(format \w+\)$/.test(statement) ? 'copy to' : statement.split(/\s/)[0],
      );
    expect([...new Set(kinds)].sort()).toEqual(['begin', 'commit', 'copy to', 'select', 'set']);
    const begins = statements.filter((statement) => statement.startsWith('begin'));
    for (const begin of begins) expect(begin).toMatch(/^begin isolation level repeatable read read only/);
  });

  test('would refuse a write', async () => {
    const session = await setting.sourceAdapter.open('chemflow probe');
    await expect(session.query('insert into b values (1)')).rejects.toMatchObject({ code: 'SQL.25006' });
    await session.close();
  });
});
