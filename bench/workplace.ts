import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const program = join(repository, 'bin/chemflow.js');

/** The files of this repository that are its ChemLink project. */
export const projectFiles = ['chemflow.yml', 'sources.yml', 'models', 'macros', 'seeds', 'snapshots'] as const;

/** How a process went: seconds of wall time, peak resident memory of that process in MB (Linux only, else 0), and what it printed. */
export interface Measured {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly stdout: string;
}

/** A temporary project with an embedded server of its own; everything is removed by close(). */
export interface Workplace {
  readonly folder: string;
  /** Connection variables of the server, for a prefix: `BENCH_DB` gives BENCH_DB_HOST ... */
  environment(prefix: string, database: string): Record<string, string>;
  /** Where a database of the server is, for a session of one's own. */
  database(name: string): { host: string; port: number; user: string; password: string; database: string };
  chemflow(args: readonly string[], env?: Record<string, string>): Promise<Measured>;
  psql(database: string, args: readonly string[], input?: string): Promise<Measured>;
  shell(script: string): Promise<Measured>;
  close(): Promise<void>;
}

/** Runs a process to its end; rejects with what it said where it failed. */
function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input?: string,
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let peakMegabytes = 0;
    const sample = (): void => {
      try {
        const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
        if (match?.[1] !== undefined) peakMegabytes = Math.max(peakMegabytes, Number(match[1]) / 1024);
      } catch {
        // Not Linux, or the process has ended.
      }
    };
    const timer = setInterval(sample, 50);
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code === 0) resolve({ seconds, peakMegabytes, stdout });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stderr.slice(-3000)}`));
    });
    // What psql says is the error, not that it read no further.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

/** A temporary folder with these files in it, and these files and folders of the repository, and an embedded server started for it, with these settings of its own. */
export async function openWorkplace(
  files: Readonly<Record<string, string>>,
  copied: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Workplace> {
  if (spawnSync('psql', ['--version']).status !== 0)
    throw new Error('The benchmarks compare with psql: install it first.');
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-bench-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  for (const name of copied) cpSync(join(repository, name), join(folder, name), { recursive: true });
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PG|DBT_|DATA_ENV|CHEMFLOW_)/.test(name)),
  );
  const chemflow = (args: readonly string[], env: Record<string, string> = {}): Promise<Measured> =>
    run(process.execPath, [program, ...args], folder, { ...clean, ...env });
  const remove = async (): Promise<void> => {
    await chemflow(['db', 'reset', '--yes']).catch(() => chemflow(['db', 'stop']));
    rmSync(folder, { recursive: true, force: true });
  };
  // Also where somebody is tired of waiting: the server outlives this process otherwise.
  const interrupted = (): void => void remove().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  const start = async (): Promise<Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGPASSWORD', string>> => {
    await chemflow(['db', 'start']);
    const url = new URL((await chemflow(['db', 'url'])).stdout.trim());
    return {
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
    };
  };
  let pg = await start();
  if (Object.keys(settings).length > 0) {
    const changes = Object.entries(settings).flatMap(([name, value]) => [
      '-c',
      `alter system set ${name} = '${value}'`,
    ]);
    await run('psql', ['-X', '-q', '-d', 'postgres', ...changes], folder, { ...clean, ...pg });
    await chemflow(['db', 'stop']);
    pg = await start();
  }
  return {
    folder,
    environment: (prefix, database) => ({
      [`${prefix}_HOST`]: pg.PGHOST,
      [`${prefix}_PORT`]: pg.PGPORT,
      [`${prefix}_USER`]: pg.PGUSER,
      [`${prefix}_PASSWORD`]: pg.PGPASSWORD,
      [`${prefix}_NAME`]: database,
    }),
    database: (name) => ({
      host: pg.PGHOST,
      port: Number(pg.PGPORT),
      user: pg.PGUSER,
      password: pg.PGPASSWORD,
      database: name,
    }),
    chemflow,
    psql: (database, args, input) =>
      run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database, ...args], folder, { ...clean, ...pg }, input),
    shell: (script) => run('bash', ['-c', `set -euo pipefail\n${script}`], folder, { ...clean, ...pg }),
    close: async () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupted);
      await remove();
    },
  };
}

/** The middle of a list of figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** One line of a report: what, the figures, the bound that the project sets itself. */
export function report(what: string, figures: string, bound: string): void {
  console.log(`${what.padEnd(44)} ${figures.padEnd(60)} ${bound}`);
}

/** A bound for a report, and whether the figure holds it. */
export function bound(text: string, isHeld: boolean): string {
  return `${text}: ${isHeld ? 'held' : 'missed'}`;
}

/** Says on stderr what a long bench is at, with the time of day. */
export function progress(text: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
}
