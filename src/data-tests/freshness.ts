import type { Session, SourceTable } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** How fresh a source table is. */
export interface FreshnessOutcome {
  readonly id: string;
  readonly status: 'pass' | 'warn' | 'error';
  /** The newest row's time, as PostgreSQL's text; null for an empty table. */
  readonly maxLoadedAt: string | null;
  /** The time it is compared with. */
  readonly snapshottedAt: string;
  /** Seconds between the two; null for an empty table. */
  readonly ageSeconds: number | null;
}

const secondsOf = { minute: 60, hour: 3600, day: 86_400 } as const;

/**
 * Compares the newest `loaded_at_field` (or what `loaded_at_query` gives) of a source table with `now`, an SQL expression: the source's own clock where it
 * was copied, else the server's. An empty table is an error where an error threshold is set, else a warning. Undefined without a rule or a time to go by.
 */
export async function checkFreshness(
  session: Session,
  source: SourceTable,
  now = 'current_timestamp',
): Promise<FreshnessOutcome | undefined> {
  const { freshness, loaded_at_field: field, loaded_at_query: query } = source;
  if (freshness === null || (field === null && query === null)) return undefined;
  const name = `${quoteIdentifier(source.schema)}.${quoteIdentifier(source.identifier)}`;
  const filter = freshness.filter === null ? '' : ` where ${freshness.filter}`;
  const newest = query === null ? `select max(${field ?? ''}) from ${name}${filter}` : query;
  const [row] = await session.rows<{ newest: string | null; now: string; age: string | null }>(
    `select newest::text as newest, now::text as now, extract(epoch from now - newest)::text as age
from (select (${newest.trim().replace(/;$/, '')})::timestamptz as newest, (${now})::timestamptz as now) compared`,
  );
  const age = row?.age === null || row?.age === undefined ? null : Number(row.age);
  const exceeds = (threshold: typeof freshness.warn_after): boolean =>
    threshold !== null && (age === null || age > threshold.count * secondsOf[threshold.period]);
  return {
    id: source.unique_id,
    status: exceeds(freshness.error_after) ? 'error' : exceeds(freshness.warn_after) ? 'warn' : 'pass',
    maxLoadedAt: row?.newest ?? null,
    snapshottedAt: row?.now ?? '',
    ageSeconds: age,
  };
}
