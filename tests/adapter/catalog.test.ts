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
    create view named as select id, name from people;
    create materialized view counted as select count(*) as n from named;
    create table letters (person_id int references people);
  `);
  oid = (await session.query(`select 'people'::regclass::oid`)).rows[0]![0]!;
});
afterAll(async () => {
  await adapter.close();
  await db.drop();
});

describe('the rights of a user', () => {
  test('tell what it may do', async () => {
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
