import { describe, expect, it } from 'vitest';
import { injectCtes } from '../../src/compile/inject-ctes.js';

const one = [{ name: '__dbt__cte__a', sql: 'select 1' }];
const two = [...one, { name: '__dbt__cte__b', sql: 'select 2' }];

describe('putting ephemeral parents into SQL', () => {
  it('leaves SQL without parents alone', () => {
    expect(injectCtes('select 1', [])).toBe('select 1');
  });

  it('begins the SQL with them', () => {
    expect(injectCtes('\n\nselect * from __dbt__cte__b', two)).toBe(
      '\n\nwith __dbt__cte__a as (\nselect 1\n),  __dbt__cte__b as (\nselect 2\n) select * from __dbt__cte__b',
    );
  });

  it('joins a WITH that is there, in any case and after comments', () => {
    const sql = `-- with is a word\n/* a /* nested */ comment */\n  WITH x as (select 1) select 2`;
    expect(injectCtes(sql, one)).toBe(
      `-- with is a word\n/* a /* nested */ comment */\n  WITH __dbt__cte__a as (\nselect 1\n), x as (select 1) select 2`,
    );
  });

  it('keeps RECURSIVE', () => {
    expect(injectCtes('with /* so */ recursive x as (select 1) select 2', one)).toBe(
      'with /* so */ recursive __dbt__cte__a as (\nselect 1\n), x as (select 1) select 2',
    );
  });

  it('takes a name that begins with "with" for a name', () => {
    expect(injectCtes('withdrawals', one)).toMatch(/^with __dbt__cte__a .* withdrawals$/s);
  });

  it('stands before a comment that comes first', () => {
    expect(injectCtes('-- hello\nselect 1', one)).toBe('with __dbt__cte__a as (\nselect 1\n) -- hello\nselect 1');
  });
});
