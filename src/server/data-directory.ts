import { existsSync } from 'node:fs';
import { appendFile, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ChemflowError } from '../error/index.js';
import { identityOf, type OsUser } from './os-user.js';
import { runProgram } from './run-program.js';
import { renameUnlessThere, type Runtime } from './runtime.js';
import { temporaryName } from './temporary-name.js';
import { formatSettings, type ServerSettings } from './tuning.js';

/** The superuser of every server that chemflow makes. */
export const SERVER_ROLE = 'chemflow';

const SETTINGS_FILE = 'chemflow.conf';

/** How a data directory is made. */
export interface InitOptions {
  readonly runtime: Runtime;
  readonly dataDir: string;
  readonly user: OsUser | undefined;
  readonly password: string;
  /** Wait until the files are on disk; only tests do without. */
  readonly sync: boolean;
}

/**
 * Makes a data directory unless it is there: initdb beside it, then a rename, so that an interrupted initdb leaves nothing that looks whole and of two processes one wins.
 * Text sorts by code point and folds case by Unicode (the builtin provider of PostgreSQL 17 and later; C before), on every machine alike.
 */
export async function initDataDirectory(options: InitOptions): Promise<void> {
  const { runtime, dataDir, user } = options;
  if (existsSync(dataDir)) return;
  const partial = temporaryName(dataDir);
  const passwordFile = `${partial}-password`;
  try {
    await mkdir(partial, { mode: 0o700 });
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600, flag: 'wx' });
    if (user !== undefined) {
      await chown(partial, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    const locale =
      runtime.major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C'];
    const result = await runProgram(
      runtime.initdb,
      [
        `--pgdata=${partial}`,
        `--username=${SERVER_ROLE}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        ...locale,
        // With checksums a first read after a load writes every page to the WAL again; PostgreSQL before 18 has them off by default.
        ...(runtime.major >= 18 ? ['--no-data-checksums'] : []),
        ...(options.sync ? [] : ['--no-sync']),
      ],
      { cwd: path.dirname(dataDir), ...identityOf(user) },
    ).catch((error: NodeJS.ErrnoException) => ({ code: null, output: error.message }));
    if (result.code !== 0) {
      throw new ChemflowError({
        code: 'SERVER.INIT',
        message: `PostgreSQL's initdb failed: ${lastLines(result.output)}`,
        hint: initHint(result.output),
      });
    }
    await appendFile(path.join(partial, 'postgresql.conf'), `\ninclude_if_exists = '${SETTINGS_FILE}'\n`);
    await renameUnlessThere(partial, dataDir);
  } finally {
    await rm(partial, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

function initHint(output: string): string | undefined {
  if (/could not look up effective user/.test(output))
    return 'give this user a line in /etc/passwd (a container started with a bare number as its user has none)';
  if (/ENOENT/.test(output))
    return "PostgreSQL's programs need glibc, which Alpine and the like lack: use a server of your own (.env.example)";
  if (/No space left/.test(output)) return 'free some room on the disk';
  return undefined;
}

/** Writes the server's settings into a data directory; they are read at the next start. */
export async function writeSettings(
  dataDir: string,
  settings: ServerSettings,
  user: OsUser | undefined,
): Promise<void> {
  const file = path.join(dataDir, SETTINGS_FILE);
  const partial = temporaryName(file);
  await writeFile(partial, formatSettings(settings), { mode: 0o600 });
  if (user !== undefined) await chown(partial, user.uid, user.gid);
  await rename(partial, file);
}

/** The major version that made a data directory. */
export async function dataVersion(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(path.join(dataDir, 'PG_VERSION'), 'utf8'), 10);
}

/** The last lines of a program's output, in one line. */
export function lastLines(output: string): string {
  return output.trim().split('\n').slice(-4).join(' / ') || '(it printed nothing)';
}
