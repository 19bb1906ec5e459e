import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { Adapter, Session } from '../../src/types/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let adapter: Adapter;
let session: Session;
beforeAll(async () => {
  db = await createTestDatabase();
  adapter = createAdapter(db.settings);
  session = await adapter.open('copy');
});
afterAll(async () => {
  await adapter.close();
  await db.drop();
});

/** Length and hash of what a COPY gives, taken up by a reader that rests now and then. */
async function copied(query: string, restEvery = Infinity): Promise<{ readonly bytes: number; readonly hash: string }> {
  const hash = createHash('md5');
  let bytes = 0;
  let chunks = 0;
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      chunks += 1;
      if (chunks % restEvery === 0) setImmediate(done);
      else done();
    },
  });
  await pipeline(session.copyTo(`copy (${query}) to stdout`), sink);
  return { bytes, hash: hash.digest('hex') };
}

/** The same as the server has it. */
async function expected(query: string): Promise<{ readonly bytes: number; readonly hash: string }> {
  const { rows } = await session.query(
    `select octet_length(t), md5(t) from (select coalesce(string_agg(v || E'\\n', '' order by i), '') as t from (${query.replace('select v', 'select i, v')}) q) q`,
  );
  return { bytes: Number(rows[0]?.[0]), hash: rows[0]?.[1] ?? '' };
}

describe('what COPY gives', () => {
  const sized = (size: string, count: number): string =>
    `select v from (select i, repeat(chr(97 + i % 26), ${size}) as v from generate_series(1, ${count}) i) s order by i`;
  for (const [title, query] of [
    ['no row at all', sized('1', 0)],
    ['one row', sized('1', 1)],
    ['many small rows', sized('i % 7', 300_000)],
    [
      'rows of all sizes, so that chunks end within headers and within rows',
      sized('((i::bigint * i * 31) % 1009)::int', 40_000),
    ],
    ['rows that are larger than a chunk', sized('100000 + i * 997', 60)],
    ['huge rows among small ones', sized('case when i % 50 = 0 then 700000 + i else i % 90 end', 1500)],
  ] as const)
    it(`is complete for ${title}`, async () => {
      const right = await expected(query);
      expect(await copied(query)).toEqual(right);
      expect(await copied(query, 3)).toEqual(right);
      expect((await session.query('select 1')).rows).toEqual([['1']]);
    });

  it('is a failed pipeline where the server breaks off, and the session can be used again', async () => {
    await expect(copied('select 1 / (150000 - i) from generate_series(1, 200000) i')).rejects.toThrow(
      'division by zero',
    );
    expect((await session.query('select 2')).rows).toEqual([['2']]);
  });
});
