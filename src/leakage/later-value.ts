import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import type { InputColumn } from './input-tables.js';

/** The moment that a check cuts time at, and how far what comes after it reaches. */
export interface Cut {
  /** PostgreSQL's text of a timestamptz: the last moment that is known. */
  readonly at: string;
  /** The moment up to which later things happen; after `at`. */
  readonly until: string;
  readonly timezone: string;
}

/** SQL of a number from 0 to 1 that a text decides, the same each time. */
export function fractionOf(text: string): string {
  return `(('x' || left(md5(${text}), 8))::bit(32)::bigint / 4294967296.0::float8)`;
}

/** SQL of a moment after the cut, by a text: near to it more often than far, and never the same second for many. */
function laterMoment(cut: Cut, text: string): string {
  const [at, until] = [`${quoteLiteral(cut.at)}::timestamptz`, `${quoteLiteral(cut.until)}::timestamptz`];
  return `(${at} + interval '1 microsecond' + (${until} - ${at}) * power(${fractionOf(text)}, 3))`;
}

/** SQL: has the moment in a column come only after the cut? A date has when it is over. Null where the column is. */
export function isLater(cut: Cut, column: InputColumn, row: string): string {
  const value = `${row}.${quoteIdentifier(column.name)}`;
  const zone = quoteLiteral(cut.timezone);
  const at = `${quoteLiteral(cut.at)}::timestamptz`;
  if (column.type === 'date') return `((${value} + 1)::timestamp at time zone ${zone} > ${at})`;
  if (column.type.endsWith('without time zone')) return `(${value} at time zone ${zone} > ${at})`;
  return `(${value} > ${at})`;
}

/** SQL of a moment after the cut in a column's type. */
export function movedMoment(cut: Cut, column: InputColumn, text: string): string {
  const moment = laterMoment(cut, `${text} || ${quoteLiteral(column.name)}`);
  const zone = quoteLiteral(cut.timezone);
  if (column.type === 'date') return `((${moment} at time zone ${zone})::date + 1)`;
  if (column.type.endsWith('without time zone')) return `(${moment} at time zone ${zone})`;
  return moment;
}

const numbers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']);

/** Is the column a date or a timestamp? */
export const isMoment = (column: InputColumn): boolean => column.type === 'date' || column.type.startsWith('timestamp');

/**
 * SQL of a value that differs from the column's own, of its type; a moment goes past the cut. Types that chemflow has no other value for become
 * null. `text` tells rows apart.
 */
export function changedValue(cut: Cut, column: InputColumn, row: string, text: string): string {
  const value = `${row}.${quoteIdentifier(column.name)}`;
  if (isMoment(column)) return movedMoment(cut, column, text);
  const { type, category } = column;
  const plain = type.replace(/\(.*\)/, '');
  if (type.endsWith('[]')) return `case when ${value} is null then '{}'::${type} end`;
  if (column.kind === 'e') {
    const members = `enum_range(null::${type})`;
    return `(${members})[1 + coalesce(array_position(${members}, ${value}), 0) % cardinality(${members})]`;
  }
  switch (category) {
    case 'B':
      return `not coalesce(${value}, false)`;
    case 'N':
      // Towards zero, so that no type runs over.
      return numbers.has(plain)
        ? `(case when ${value} > 0 then ${value} - 1 else coalesce(${value}, 0) + 1 end)::${type}`
        : `null::${type}`;
    case 'S':
      return `(case when coalesce(${value}::text, '') = '' then 'later than known' when left(${value}::text, 1) = 'l' then 'x' || substr(${value}::text, 2) else 'l' || substr(${value}::text, 2) end)::${type}`;
    case 'T':
      return `coalesce(${value}, interval '0') + interval '1 day'`;
    default:
  }
  if (plain === 'uuid') return `md5(coalesce(${value}::text, '') || 'later')::uuid`;
  if (plain === 'json' || plain === 'jsonb')
    return `(case when ${value} is null or ${value}::text = '{}' then '{"later": true}' else '{}' end)::${type}`;
  if (plain === 'bytea') return `coalesce(${value}, '') || '\\x00'::bytea`;
  return `null::${type}`;
}

/** SQL of a key that is not in use, by a row's number; undefined where chemflow knows none for the type. */
export function newKey(column: InputColumn, table: string, number: string): string | undefined {
  const name = quoteIdentifier(column.name);
  const plain = column.type.replace(/\(.*\)/, '');
  if (column.category === 'N' && /^(bigint|integer|smallint|numeric)$/.test(plain))
    return `((select coalesce(max(${name}), 0) from ${table}) + ${number})::${plain}`;
  if (plain === 'uuid') return `md5('later' || ${number})::uuid`;
  if (column.category === 'S') return `left('later' || md5(${number}::text), 40)::${column.type}`;
  return undefined;
}
