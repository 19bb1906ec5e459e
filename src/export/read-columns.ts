import type { Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { columnsQuery, type ColumnStep } from './columns.sql.js';
import type { DatasetColumn, ElementKind, SimpleKind } from './types.js';

/** PostgreSQL's own types by oid; every other is written as its text. */
const kinds: ReadonlyMap<number, SimpleKind> = new Map<number, SimpleKind>([
  [16, 'boolean'],
  [17, 'bytes'],
  [20, 'int64'],
  [21, 'int16'],
  [23, 'int32'],
  [26, 'int64'],
  [114, 'json'],
  [700, 'float32'],
  [701, 'float64'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [2950, 'uuid'],
  [3802, 'json'],
]);
const numericOid = 1700;

/** Types whose equal values have one text only, so that they order rows by themselves: bool, name, int8, int2, int4, text, oid, varchar, date, timestamp, timestamptz, uuid. */
const exactTypes: ReadonlySet<number> = new Set([16, 19, 20, 21, 23, 25, 26, 1043, 1082, 1114, 1184, 2950]);

/** Digits that a decimal of Parquet, Arrow and DuckDB holds. */
export const maximumPrecision = 38;

/** The columns of a relation in the session's snapshot, in order. A numeric without precision gets 38 digits and the scale that its values need. */
export async function readColumns(session: Session, oid: number, relation: string): Promise<readonly DatasetColumn[]> {
  const steps = await session.rows<ColumnStep>(columnsQuery, [oid]);
  const columns: DatasetColumn[] = [];
  for (const first of steps.filter((step) => step.step === 0)) {
    const chain = steps.filter((step) => step.position === first.position);
    const bottom = chain.at(-1) ?? first;
    const isList = chain.some((step) => step.is_array);
    const name = quoteIdentifier(first.name);
    const element = await elementKind(session, bottom, isList ? `unnest(${name})` : name, relation);
    const isExact = exactTypes.has(bottom.type_oid) || (bottom.type_oid === numericOid && bottom.type_modifier !== -1);
    columns.push({
      name: first.name,
      postgresType: first.data_type,
      kind: isList ? { kind: 'list', element } : element,
      sortKey: isExact ? `${name}${first.is_collated ? ' collate "C"' : ''}` : `${name}::text collate "C"`,
    });
  }
  return columns;
}

async function elementKind(
  session: Session,
  type: ColumnStep,
  expression: string,
  relation: string,
): Promise<ElementKind> {
  if (type.type_oid !== numericOid) return { kind: kinds.get(type.type_oid) ?? 'text' };
  const declared = type.type_modifier === -1 ? undefined : declaredDigits(type.type_modifier);
  const { whole, scale } = declared ?? (await neededDigits(session, expression, relation));
  if (whole + scale > maximumPrecision) return { kind: 'digits' };
  return {
    kind: 'decimal',
    precision: declared === undefined ? maximumPrecision : Math.max(1, whole + scale),
    scale,
  };
}

/** numeric(precision, scale) as numeric.c packs it; since PostgreSQL 15 the scale has a sign. */
function declaredDigits(modifier: number): { readonly whole: number; readonly scale: number } {
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  return { whole: Math.max(0, precision - scale), scale: Math.max(0, scale) };
}

async function neededDigits(
  session: Session,
  expression: string,
  relation: string,
): Promise<{ readonly whole: number; readonly scale: number }> {
  const [digits] = await session.rows<{ readonly whole: number; readonly scale: number }>(
    `select coalesce(max(case when trunc(v) = 0 then 0 else length(trunc(abs(v))::text) end), 0)::int4 as whole, coalesce(max(scale(v)), 0)::int4 as scale
     from (select ${expression} as v from ${relation}) as "values"
     where v not in ('NaN', 'Infinity', '-Infinity')`,
  );
  return digits ?? { whole: 0, scale: 0 };
}
