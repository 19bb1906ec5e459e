import { quoteIdentifier } from '../util/sql-text.js';
import { sourceDeletedAt } from './column-plan.js';
import { stagingName } from './staging-sql.js';
import type { CopyContext, TableJob } from './table-job.js';

/**
 * Does the source have exactly the keys that staging has as not deleted? Compares their number and the sum of their 64-bit hashes, which each server
 * computes for itself, so that keys need only travel where something is gone. Servers that hash or print a key otherwise make it false, never true.
 */
export async function hasSameKeys(job: TableJob, context: CopyContext): Promise<boolean> {
  const { relation, key } = job;
  const source = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
  const [atSource, inStaging] = await Promise.all([
    context.source.query(`${digest(key, `${source} as t`)}${job.allowed === undefined ? '' : ` where ${job.allowed}`}`),
    context.warehouse.query(`${digest(key, stagingName(job.table))} where ${sourceDeletedAt} is null`),
  ]);
  return atSource.rows[0]?.join() === inStaging.rows[0]?.join();
}

function digest(key: readonly string[], from: string): string {
  const [only, ...more] = key.map(quoteIdentifier);
  const text = more.length === 0 ? `${only}::text` : `row(${[only, ...more].join(', ')})::text`;
  return `select count(*), sum(hashtextextended(${text} collate "C", 0)) from ${from}`;
}
