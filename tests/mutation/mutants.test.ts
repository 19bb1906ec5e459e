import { describe, expect, it } from 'vitest';
import { mutantsOf } from './mutants.js';

/** What the mutants of a text change, as `kind: line`. */
function changes(text: string): string[] {
  return mutantsOf({ id: 'model.shop.orders', file: 'models/orders.sql', line: 1, text }).map(
    ({ kind, after }) => `${kind}: ${after}`,
  );
}

describe('mutants', () => {
  it('exchange inner and left joins and leave cross joins alone', () => {
    expect(changes('select * from a join b on a.id = b.id')).toEqual([
      'join: select * from a left join b on a.id = b.id',
    ]);
    expect(changes('select * from a left join b using (id) cross join c')).toEqual([
      'join: select * from a join b using (id) cross join c',
    ]);
  });

  it('move comparisons by their equality, and read neither arrows nor <> as comparisons', () => {
    expect(changes('select a ->> b, c <> d, e <= f from t')).toEqual([
      'comparison: select a ->> b, c <> d, e < f from t',
    ]);
  });

  it('drop each condition that and holds together, be it SQL or Jinja, and a between as a whole', () => {
    const found = changes('select x from t where {{ is_there(a) }} and b between c and d');
    expect(found).toContain('filter: select x from t where true and b between c and d');
    expect(found).toContain('filter: select x from t where {{ is_there(a) }} and true');
    expect(found).toContain('connective: select x from t where {{ is_there(a) }} or b between c and d');
    expect(found).toHaveLength(3);
  });

  it('drop the filter of an aggregate, a distinct and a coalesce', () => {
    expect(changes('select count(distinct coalesce(a, b)) filter (where c) from t')).toEqual([
      'distinct: select count( coalesce(a, b)) filter (where c) from t',
      'coalesce: select count(distinct (a)) filter (where c) from t',
      'filter: select count(distinct coalesce(a, b)) filter (where true) from t',
    ]);
  });

  it('drop keys of partitions one by one, and the only one with its clause', () => {
    expect(changes('select row_number() over (partition by a, b order by c) from t')).toEqual([
      'partition: select row_number() over (partition by b order by c) from t',
      'partition: select row_number() over (partition by a order by c) from t',
    ]);
    expect(changes('select sum(x) over (partition by a) from t')).toEqual(['partition: select sum(x) over () from t']);
  });

  it('change constants and intervals, in Jinja too, but no positions, lengths of types and configuration', () => {
    expect(
      changes("{{ config(x=1) }} select 2 + {{ n_days(30) }}, y::numeric(12, 2), z = 'a' from t group by 1, 2"),
    ).toEqual([
      "constant: {{ config(x=1) }} select 3 + {{ n_days(30) }}, y::numeric(12, 2), z = 'a' from t group by 1, 2",
      "interval: {{ config(x=1) }} select 2 + {{ n_days(31) }}, y::numeric(12, 2), z = 'a' from t group by 1, 2",
      "constant: {{ config(x=1) }} select 2 + {{ n_days(30) }}, y::numeric(12, 2), z = 'a_' from t group by 1, 2",
    ]);
    expect(changes("select a - interval '24 hours' from t")).toEqual([
      "interval: select a - interval '25 hours' from t",
    ]);
  });

  it('leave comments, statements of Jinja and texts within expressions of Jinja alone', () => {
    expect(
      changes('-- a < b\n{# c < d #}{% if e < f %}{{ config(hook="{{ g(\'<\') }}") }} select h{% endif %}'),
    ).toEqual([]);
  });

  it('turn union all into union and back, and name the line of the file', () => {
    const mutants = mutantsOf({
      id: 'm',
      file: 'm.sql',
      line: 5,
      text: 'select a\nunion all\nselect b\nunion\nselect c',
    });
    expect(mutants.map(({ line, before, after }) => [line, before, after])).toEqual([
      [6, 'union all', 'union'],
      [8, 'union', 'union all'],
    ]);
  });
});
