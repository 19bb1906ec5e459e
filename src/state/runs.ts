import { quoteLiteral } from '../util/sql-text.js';
import type { RunEnd, RunHistory, RunResult, RunStart, Session } from '../types/index.js';

const insertRun = `
insert into chemflow.runs (run_id, command, target, arguments, chemflow_version, started_at)
values ($1, $2, $3, $4, $5, $6)`;

const endRun = `
update chemflow.runs set status = $2, message = $3, ended_at = clock_timestamp() where run_id = $1`;

const insertResults = (run: string, batch: string): string => `
insert into chemflow.node_results (run_id, node_id, status, message, rows_affected, failures, started_at, ended_at, thread_id, relation_name, publication)
select ${run}::uuid, r.*
from jsonb_to_recordset(${batch}::jsonb) as r (
    id text, status text, message text, "rowsAffected" bigint, failures bigint, "startedAt" timestamptz,
    "endedAt" timestamptz, "threadId" text, "relationName" text, publication text)`;

const lastRuns = `
select r.run_id as id, r.command, r.target, r.started_at as "startedAt", r.ended_at as "endedAt", r.status, r.message,
       coalesce((select jsonb_object_agg(n.status, n.nodes)
                 from (select status, count(*) as nodes from chemflow.node_results where run_id = r.run_id group by 1) n),
                '{}') as nodes,
       (select count(*)::int4 from chemflow.extractions e where e.run_id = r.run_id) as "extractedTables",
       (select coalesce(sum(e.rows_read), 0)::float8 from chemflow.extractions e where e.run_id = r.run_id) as "extractedRows"
from chemflow.runs r
order by r.started_at desc
limit $1`;

/** Writes a run's beginning. */
export async function startRun(session: Session, run: RunStart): Promise<void> {
  await session.query(insertRun, [
    run.id,
    run.command,
    run.target,
    JSON.stringify(run.arguments ?? {}),
    run.chemflowVersion,
    run.startedAt.toISOString(),
  ]);
}

/** Writes how a run ended; its end is the database's time. */
export async function finishRun(
  session: Session,
  run: { readonly id: string; readonly status: RunEnd; readonly message?: string | null },
): Promise<void> {
  await session.query(endRun, [run.id, run.status, run.message ?? null]);
}

/** Writes a batch of results in one round trip. */
export async function recordResults(session: Session, runId: string, results: readonly RunResult[]): Promise<void> {
  if (results.length > 0) await session.query(insertResults('$1', '$2'), [runId, batchOf(results)]);
}

/** The statement that writes them, for the transaction of what they are about. */
export function resultsStatement(runId: string, results: readonly RunResult[]): string {
  return insertResults(quoteLiteral(runId), quoteLiteral(batchOf(results)));
}

function batchOf(results: readonly RunResult[]): string {
  return JSON.stringify(
    results.map((result) => ({
      id: result.id,
      status: result.status,
      message: result.message,
      rowsAffected: result.rowsAffected,
      failures: result.failures,
      startedAt: result.startedAt,
      endedAt: result.endedAt,
      threadId: result.threadId,
      relationName: result.relationName,
      publication: result.publication ?? null,
    })),
  );
}

/** The last runs, newest first. */
export async function readHistory(session: Session, limit: number): Promise<readonly RunHistory[]> {
  type Row = Omit<RunHistory, 'startedAt' | 'endedAt'> & { startedAt: string; endedAt: string | null };
  const rows = await session.rows<Row>(lastRuns, [limit]);
  return rows.map((row) => ({
    ...row,
    startedAt: new Date(row.startedAt),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt),
  }));
}
