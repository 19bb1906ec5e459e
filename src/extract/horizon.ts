import type { Watermark } from '../types/index.js';
import type { SourceRelation } from './source-catalog.sql.js';

/** Transaction ids compare rightly while they are less than 2^31 apart; a margin is kept. */
const safeDistance = 2n ** 31n - 10_000_000n;

/** Does the relation keep the transaction that wrote each row? Views and foreign tables do not. */
export function hasTransactionHorizon(relation: SourceRelation): boolean {
  return relation.kind === 'r' || relation.kind === 'p' || relation.kind === 'm';
}

/**
 * Why rows can not be told apart by a stored horizon, or undefined where they can: ids wrap around at 2^32,
 * and a source whose counter is behind the horizon was restored from an older copy.
 */
export function horizonTrouble(horizon: string, current: string): string | undefined {
  const distance = BigInt(current) - BigInt(horizon);
  if (distance < 0n) return 'the source’s transaction counter is behind that of the last extraction';
  if (distance > safeDistance) return 'too many transactions have passed since the last extraction';
  return undefined;
}

/** SQL over `t` for the rows that were not yet visible, or are newer, than at the horizon (an xid8 as text). A very old row may be read again, none is missed. */
export function writtenSince(horizon: string): string {
  const low = BigInt.asUintN(32, BigInt(horizon));
  // In a subquery of its own age() is asked once, and not again for each row.
  return `age(t.xmin) <= (select age('${low}'::xid))`;
}

/** Columns or their types changed in a way that may have changed old rows without writing them (a new column's default). */
export function hasNewColumns(
  watermark: Watermark,
  columns: readonly { readonly name: string; readonly position: number; readonly sourceType: string }[],
): boolean {
  const known = new Map(watermark.columns.map((column) => [column.name, column]));
  return columns.some((column) => {
    const before = known.get(column.name);
    return before === undefined || before.position !== column.position || before.dataType !== column.sourceType;
  });
}
