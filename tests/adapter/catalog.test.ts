import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as catalog from '../../src/adapter/index.js';
import type { Adapter, Session } from '../../src/types/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let adapter: Adapter;
let session: Session;
let oid: string;

beforeAll(async () => {
  db = await createTestDatabase();
  adapter = catalog.createAdapter(db.settings);
  session = await adapter.open('test');
  await session.query(`
    create table people (id int primary key, name text not null, town text);
    create index people_town on people (town) where town is not null;
    create view named as select id, name from people;
    create materialized view counted as select count(*) as n from named;
    create table letters (person_id int references people);
    create function first_person() returns setof people language sql begin atomic select * from people; end;
    create function noop() returns trigger language plpgsql as 'begin return new; end';
    create trigger watch before update on people for each row execute function noop();
    create policy own on people for select to public using (true);
    create publication pub for table people;
    create statistics name_town on name, town from people;
    grant select on people to public;
    grant update (name) on people to pg_monitor with grant option;
    comment on table people is 'who';
    comment on column people.town is 'where';
  `);
  oid = (await session.query(`select 'people'::regclass::oid`)).rows[0]![0]!;
});
afterAll(async () => {
  await adapter.close();
  await db.drop();
});

const ask = <Row extends object>(query: string): Promise<Row[]> => session.rows<Row>(query, [oid]);

describe('catalog queries', () => {
  test('find what reads a relation, nearest first, with the columns that it reads', async () => {
    const rows = await ask<catalog.DependentRow>(catalog.dependentsQuery);
    expect(rows.map(({ name, type, depth, columns }) => ({ name, type, depth, columns }))).toEqual([
      { name: 'named', type: 'view', depth: 1, columns: ['id', 'name'] },
      { name: 'counted', type: 'materialized_view', depth: 2, columns: [] },
    ]);
    expect(rows[0]!.definition).toContain('SELECT');
  });
  test('find functions that hang on a relation', async () => {
    const rows = await ask<catalog.OtherDependentRow>(catalog.otherDependentsQuery);
    expect(rows).toEqual([{ kind: 'function', description: 'function first_person()' }]);
  });
  test('find foreign keys that refer to it', async () => {
    const rows = await ask<catalog.IncomingForeignKeyRow>(catalog.incomingForeignKeysQuery);
    expect(rows).toMatchObject([{ table: 'letters', definition: 'FOREIGN KEY (person_id) REFERENCES people(id)' }]);
  });
  test('find its indexes with their constraints', async () => {
    const rows = await ask<catalog.IndexRow>(catalog.indexesQuery);
    expect(rows.map((row) => [row.name, row.constraint_name])).toEqual([
      ['people_pkey', 'people_pkey'],
      ['people_town', null],
    ]);
  });
  test('find its grants, on columns too, without its owner’s', async () => {
    expect(await ask<catalog.GrantRow>(catalog.grantsQuery)).toMatchObject([
      { column: null, grantee: 'public', privilege: 'SELECT', is_grantable: false },
      { column: 'name', grantee: 'pg_monitor', privilege: 'UPDATE', is_grantable: true },
    ]);
  });
  test('find comments, policies, triggers, publications and statistics', async () => {
    expect(await ask(catalog.commentsQuery)).toEqual([
      { column: null, comment: 'who' },
      { column: 'town', comment: 'where' },
    ]);
    expect(await ask(catalog.policiesQuery)).toMatchObject([{ name: 'own', command: 'select', roles: ['public'] }]);
    expect(await ask(catalog.triggersQuery)).toMatchObject([{ name: 'watch', enabled: 'O' }]);
    expect(await ask(catalog.publicationsQuery(session.serverVersion))).toMatchObject([{ name: 'pub', columns: null }]);
    expect(await ask(catalog.statisticsQuery)).toMatchObject([{ name: 'name_town', target: -1 }]);
    expect(await ask(catalog.tablePropertiesQuery)).toMatchObject([{ kind: 'r', replica_identity: 'd' }]);
  });
  test('find sessions with a snapshot older than a transaction', async () => {
    const reader = await adapter.open('reader');
    await reader.query('begin isolation level repeatable read');
    await reader.query('select count(*) from people');
    const [row] = (await session.query('select pg_current_xact_id()')).rows;
    const found = await session.rows<catalog.OldSnapshotRow>(catalog.oldSnapshotsQuery, [row![0]]);
    expect(found.map(({ pid, is_certain }) => ({ pid, is_certain }))).toEqual([
      { pid: reader.backendPid, is_certain: true },
    ]);
    await reader.close();
  });
  test('tell what the user may do', async () => {
    const rows = await session.rows<catalog.UserRightsRow>(catalog.userRightsQuery);
    expect(rows).toMatchObject([{ is_superuser: true, may_create_schema: true, tables: 2, writable_tables: 2 }]);
  });
});

describe('the relation cache', () => {
  test('reads all schemas at once and knows columns by their exact types', async () => {
    const cache = catalog.createRelationCache(adapter);
    await cache.load([
      { database: db.settings.database, schema: 'public' },
      { database: db.settings.database, schema: 'nowhere' },
    ]);
    expect(cache.hasSchema('public')).toBe(true);
    expect(cache.hasSchema('nowhere')).toBe(false);
    expect(cache.list('public').map(({ identifier, type }) => [identifier, type])).toEqual([
      ['counted', 'materialized_view'],
      ['letters', 'table'],
      ['named', 'view'],
      ['people', 'table'],
    ]);
    const people = cache.get({ database: db.settings.database, schema: 'public', identifier: 'people' })!;
    expect(people.oid).toBe(Number(oid));
    expect(await cache.columns(people)).toEqual([
      { name: 'id', dataType: 'integer', notNull: true },
      { name: 'name', dataType: 'text', notNull: true },
      { name: 'town', dataType: 'text', notNull: false },
    ]);
    cache.remove(people);
    expect(cache.get(people)).toBeUndefined();
  });
});
