import { afterAll, beforeAll, expect, test } from 'vitest';
import { answersTo, describeDifference } from '../../bench/dashboard/answers.js';
import { readQuestions } from '../../bench/dashboard/questions.js';
import { makeRawCopies, readLiterals } from '../../bench/dashboard/raw-copies.js';
import { withSession, type Place } from '../../bench/dashboard/session.js';
import type { ConnectionSettings } from '../../src/types/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from '../warehouse/warehouse-under-test.js';

let warehouse: WarehouseUnderTest;
let copies: TestDatabase;

const place = ({ host, port, user, password, database }: ConnectionSettings): Place => ({
  host,
  port,
  user,
  password: password ?? '',
  database,
});

beforeAll(async () => {
  warehouse = await createWarehouseUnderTest({ users: 600, seed: 1, until: '2026-03-20T12:00:00Z' });
  copies = await createTestDatabase();
});
afterAll(async () => {
  await copies.drop();
  await warehouse.drop();
});

test('the sources and the aggregates give the same answer to every question of the dashboard', async () => {
  await warehouse.chemflow('run', '--select', '+aggregates.*');
  const literals = await readLiterals(place(warehouse.analytics));
  const sources = { chemlink: place(warehouse.chemlink), engagement: place(warehouse.engagement) };
  await makeRawCopies(sources, place(copies.settings), literals);
  const found = await withSession(place(warehouse.analytics), (ours) =>
    withSession(place(copies.settings), async (theirs) => {
      const described: Record<string, unknown> = {};
      for (const question of readQuestions()) {
        const answers = await answersTo(question, ours, theirs, literals);
        described[question.name] = describeDifference(answers) ?? (answers.raw.length > 0 ? 'the same' : 'no rows');
      }
      return described;
    }),
  );
  expect(Object.keys(found).length).toBeGreaterThan(25);
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, 'the same'])));
});
