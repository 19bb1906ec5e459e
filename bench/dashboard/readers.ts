import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { Question } from './questions.js';
import type { Place } from './session.js';

/** What readers saw of a question: milliseconds from asking to the last row, in ascending order. */
export type Waits = ReadonlyMap<string, readonly number[]>;

/** So long readers read before they are watched: by then each session has read of the catalog what it reads once. */
const warmUpSeconds = 10;

/** Milliseconds of a query as its session sees it. */
export async function millisecondsOf(session: pg.Client, sql: string): Promise<number> {
  const started = process.hrtime.bigint();
  await session.query(sql);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** The figure that this share of the ascending figures does not exceed. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? NaN;
}

/**
 * Runs `work` while `count` sessions of pgbench, which takes less of the machine than a reader in Node would, put all questions to the warehouse in any
 * order, `perSecond` together.
 */
export async function readDuring(
  work: () => Promise<unknown>,
  warehouse: Place,
  questions: readonly Question[],
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<Waits> {
  if (spawnSync('pgbench', ['--version']).status !== 0)
    throw new Error('Readers are sessions of pgbench: install the client programs of PostgreSQL first.');
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-readers-'));
  try {
    const scripts = questions.map(({ aggregate }, index) => {
      writeFileSync(join(folder, `${index}.sql`), `${aggregate.trim().replace(/;$/, '')};\n`);
      return ['-f', `${index}.sql`];
    });
    const options = ['-n', '-c', count, '-j', 1, '-R', perSecond, '-T', 3600, '-l', '--log-prefix=log'].map(String);
    const readers = spawn('pgbench', [...options, ...scripts.flat()], {
      cwd: folder,
      env: {
        ...process.env,
        PGHOST: warehouse.host,
        PGPORT: String(warehouse.port),
        PGUSER: warehouse.user,
        PGPASSWORD: warehouse.password,
        PGDATABASE: warehouse.database,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    readers.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = new Promise<void>((resolve) => readers.once('close', () => resolve()));
    const failed = ended.then(() => {
      throw new Error(`pgbench ended: ${complaint.slice(-2000)}`);
    });
    failed.catch(() => undefined);
    await Promise.race([pause(warmUpSeconds * 1000), failed]);
    const from = Date.now();
    let to = from;
    try {
      await Promise.race([work(), failed]);
      to = Date.now();
    } finally {
      readers.kill('SIGINT');
      await ended;
    }
    return readLogs(folder, questions, from, to);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The waits of queries that ended between two moments, of pgbench's lines: client, number, microseconds, script, second and microsecond of the end, lag. */
function readLogs(folder: string, questions: readonly Question[], from: number, to: number): Waits {
  const waits = new Map<string, number[]>(questions.map(({ name }) => [name, []]));
  const lines = readdirSync(folder)
    .filter((name) => name.startsWith('log.'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  for (const line of lines) {
    // The last line may be cut off.
    const match = /^\d+ \d+ (\d+) (\d+) (\d+) (\d+) (\d+)$/.exec(line);
    if (match === null) continue;
    const [time = 0, script = 0, second = 0, microsecond = 0, lag = 0] = match.slice(1).map(Number);
    const end = second * 1000 + microsecond / 1000;
    // What a query waited for its turn in pgbench is not the server's.
    if (end >= from && end <= to) waits.get(questions[script]?.name ?? '')?.push((time - lag) / 1000);
  }
  for (const figures of waits.values()) figures.sort((left, right) => left - right);
  return waits;
}
