import { describe, expect, it } from 'vitest';
import { createTestDatabase, createTestServer, queryOnce } from '../support/database.js';

describe('the test databases', () => {
  it('are empty, of UTF-8 and sort by code point', async () => {
    const database = await createTestDatabase();
    const rows = await queryOnce(
      database.settings,
      `select current_setting('server_encoding') as encoding, lower('ÄÖ') as lower,
        (select string_agg(word, '' order by word) from unnest(array['b', 'B', 'a', 'Z']) as word) as sorted`,
    );
    expect(rows).toEqual([{ encoding: 'UTF8', lower: 'äö', sorted: 'BZab' }]);
    await database.drop();
    await expect(queryOnce(database.settings, 'select 1')).rejects.toThrow('does not exist');
  });

  it('may be on a server of their own with other settings', async () => {
    const server = await createTestServer({ settings: { log_statement: 'all' } });
    try {
      const database = await createTestDatabase({ server, name: 'with spaces "and quotes"' });
      expect(await queryOnce(database.settings, 'show log_statement')).toEqual([{ log_statement: 'all' }]);
    } finally {
      await server.stop();
    }
  });
});
