import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ChemflowError } from '../error/index.js';
import {
  readServerSettings,
  resetServer,
  serverStatus,
  startServer,
  stopServer,
  type ServerStatus,
} from '../server/index.js';
import type { ConnectionSettings, EventSink } from '../types/index.js';
import type { Command, CommandContext, ExitCode, GlobalOptions } from './command.js';

const actions = ['start', 'stop', 'status', 'url', 'psql', 'reset'] as const;

/** What can be done with the embedded server. */
export type DbAction = (typeof actions)[number];

/** Options of {@link runDb}. */
export interface DbOptions {
  readonly projectDir: string;
  /** Results, and remarks beside them. */
  readonly io: { out(text: string): void; err(text: string): void };
  readonly sink?: EventSink | undefined;
  /** The database of `url` and `psql`; `postgres` unless told. */
  readonly database?: string | undefined;
  /** SQL for `psql` to run instead of asking for it. */
  readonly command?: string | undefined;
  /** May `reset` delete without asking? */
  readonly yes?: boolean | undefined;
  readonly output?: 'text' | 'json' | undefined;
  /** The environment that psql inherits, but for its PG* variables. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Does one thing with a project's embedded server, whether or not the project uses it; resolves to the exit code. Errors are SERVER.* and CLI.*. */
export async function runDb(action: DbAction, options: DbOptions): Promise<ExitCode> {
  const { io, projectDir, sink } = options;
  switch (action) {
    case 'start': {
      refuseOutsideOfProject(projectDir);
      const server = await startServer({ projectDir, sink });
      io.err(`The embedded PostgreSQL ${server.wasRunning ? 'is already up' : 'is up'} on 127.0.0.1:${server.port}.`);
      return 0;
    }
    case 'stop': {
      const wasRunning = await stopServer(projectDir);
      io.err(wasRunning ? 'The embedded PostgreSQL is stopped.' : 'No embedded PostgreSQL is running here.');
      return 0;
    }
    case 'status': {
      const status = await serverStatus(projectDir);
      io.out(options.output === 'json' ? JSON.stringify(status) : describeStatus(status));
      return status.state === 'ready' ? 0 : 1;
    }
    case 'url': {
      const settings = readServerSettings(projectDir, options.database);
      if (settings === undefined) throw neverStarted();
      io.out(connectionUrl(settings));
      if ((await serverStatus(projectDir)).state !== 'ready') io.err('It is not running: chemflow db start');
      return 0;
    }
    case 'psql': {
      refuseOutsideOfProject(projectDir);
      const server = await startServer({ projectDir, sink });
      return runPsql(server.settings(options.database ?? 'postgres'), options);
    }
    case 'reset': {
      const status = await serverStatus(projectDir);
      if (options.yes !== true && !(await isConfirmed(status, io))) return 2;
      const wasThere = await resetServer(projectDir);
      io.err(wasThere ? 'The embedded PostgreSQL and its data are deleted.' : 'There was no embedded PostgreSQL here.');
      return 0;
    }
  }
}

function refuseOutsideOfProject(projectDir: string): void {
  if (['chemflow.yml', 'dbt_project.yml'].some((file) => existsSync(path.join(projectDir, file)))) return;
  throw new ChemflowError({
    code: 'CONFIG.NO_PROJECT',
    message: `There is no chemflow.yml or dbt_project.yml in ${projectDir}.`,
    hint: 'go to the folder of your project, or name it with --project-dir',
  });
}

function neverStarted(): ChemflowError {
  return new ChemflowError({
    code: 'SERVER.NONE',
    message: 'This project has no embedded PostgreSQL yet.',
    hint: 'chemflow db start',
  });
}

function describeStatus(status: ServerStatus): string {
  if (status.state === 'none') return 'none (chemflow db start makes one)';
  const lines = [`${status.state === 'ready' ? 'running' : status.state} (PostgreSQL ${status.major ?? '?'})`];
  if (status.pid !== undefined)
    lines.push(`process:    ${status.pid}, since ${status.startedAt?.toISOString() ?? '?'}`);
  if (status.port !== undefined) lines.push(`address:    127.0.0.1:${status.port}`);
  if (status.dataDir !== undefined) lines.push(`data:       ${status.dataDir}`);
  if (status.logFile !== undefined) lines.push(`log:        ${status.logFile}`);
  return lines.join('\n');
}

function connectionUrl(settings: ConnectionSettings): string {
  const part = encodeURIComponent;
  const credentials = `${part(settings.user)}:${part(settings.password ?? '')}`;
  return `postgresql://${credentials}@${settings.host}:${settings.port}/${part(settings.database)}?sslmode=disable`;
}

/** Hands the terminal over to an installed psql; the password goes through its environment, where no other user can read it. */
async function runPsql(settings: ConnectionSettings, options: DbOptions): Promise<ExitCode> {
  const args = ['-h', settings.host, '-p', String(settings.port), '-U', settings.user, '-d', settings.database];
  if (options.command !== undefined) args.push('-v', 'ON_ERROR_STOP=1', '-c', options.command);
  const inherited = Object.entries(options.env ?? {}).filter(([name]) => !name.startsWith('PG'));
  const env = { ...Object.fromEntries(inherited), PGPASSWORD: settings.password, PGSSLMODE: 'disable' };
  const resumeInterrupts = leaveInterruptsToChild();
  try {
    return await new Promise<ExitCode>((resolve, reject) => {
      const child = spawn('psql', args, { env, stdio: 'inherit' });
      child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? noPsql() : error));
      child.once('close', (code) => resolve(code === 0 ? 0 : 1));
    });
  } finally {
    resumeInterrupts();
  }
}

/** Ctrl-C cancels a query in psql, and must not end the program that waits for it. */
function leaveInterruptsToChild(): () => void {
  const listeners = process.listeners('SIGINT');
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  for (const listener of listeners) process.off('SIGINT', listener);
  return () => {
    for (const listener of listeners) process.on('SIGINT', listener);
    process.off('SIGINT', ignore);
  };
}

function noPsql(): ChemflowError {
  return new ChemflowError({
    code: 'SERVER.NO_PSQL',
    message: 'There is no psql on this machine: the embedded PostgreSQL comes without one.',
    hint: 'install it (postgresql-client), or give another program the address: chemflow db url',
  });
}

async function isConfirmed(status: ServerStatus, io: DbOptions['io']): Promise<boolean> {
  const what = `all databases of the embedded PostgreSQL${status.dataDir === undefined ? '' : ` in ${status.dataDir}`}`;
  if (process.stdin.isTTY !== true) {
    throw new ChemflowError({
      code: 'CLI.NOT_CONFIRMED',
      message: `This would delete ${what}.`,
      hint: 'chemflow db reset --yes',
    });
  }
  io.err(`Delete ${what}? [y/N]`);
  const answers = createInterface({ input: process.stdin });
  try {
    for await (const answer of answers) {
      if (/^y(es)?$/i.test(answer.trim())) return true;
      break;
    }
  } finally {
    answers.close();
  }
  io.err('Nothing was deleted.');
  return false;
}

interface DbCommandOptions extends GlobalOptions {
  readonly action: DbAction;
  readonly database?: string | undefined;
  readonly command?: string | undefined;
  readonly yes: boolean;
  readonly output: 'text' | 'json';
}

/** The warehouse's database where the project builds on the embedded server; else PostgreSQL's own, which is always there. */
async function defaultDatabase(options: DbCommandOptions, context: CommandContext): Promise<string> {
  if (options.action !== 'url' && options.action !== 'psql') return 'postgres';
  try {
    const { loadCommandProject } = await import('./prepare.js');
    const { target } = await loadCommandProject(options, context);
    return target.embedded ? target.connection.database : 'postgres';
  } catch {
    // A project with errors has a server all the same.
    return 'postgres';
  }
}

/** `chemflow db <action>` */
export const dbCommand: Command<DbCommandOptions> = {
  options: (parser) =>
    parser
      .positional('action', { choices: actions, demandOption: true, describe: 'What to do' })
      .option('database', {
        alias: 'D',
        type: 'string',
        describe: "Database of url and psql (default: the warehouse's)",
      })
      .option('command', { alias: 'c', type: 'string', describe: 'SQL for psql to run' })
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'reset without asking' })
      .option('output', { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Form of status' }),
  run: async (options, context) => {
    const { io, terminal } = context;
    return runDb(options.action, {
      projectDir: path.resolve(io.cwd, options.projectDir ?? '.'),
      io: terminal,
      sink: terminal.sink,
      database: options.database ?? (await defaultDatabase(options, context)),
      command: options.command,
      yes: options.yes,
      output: options.output,
      env: io.env,
    });
  },
};
