import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fchownSync, openSync, readSync, statSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChemflowError } from '../error/index.js';
import { lastLines } from './data-directory.js';
import { pickPort } from './port.js';
import { identityOf, type OsUser } from './os-user.js';
import { findPostmaster, removeMisleadingPidFile, waitUntil, type Postmaster } from './postmaster.js';
import { CLEAN_ENVIRONMENT } from './run-program.js';
import type { Runtime } from './runtime.js';

const LOG_LIMIT_BYTES = 8 * 1024 * 1024;
const PORT_ATTEMPTS = 10;
const ORPHAN_PATIENCE_MS = 30_000;

/** What a start needs. */
export interface LaunchOptions {
  readonly runtime: Runtime;
  readonly dataDir: string;
  readonly logFile: string;
  readonly user: OsUser | undefined;
  readonly preferredPort?: number | undefined;
  /** Told once where the start takes longer than a few seconds (crash recovery). */
  readonly onSlow?: (() => void) | undefined;
}

/**
 * Starts PostgreSQL apart from this process, which may end before it, and resolves when it takes connections.
 * Where another process starts the same data directory at the same time, resolves to that one's server: PostgreSQL's own pid file lets one win.
 */
export async function launchServer(options: LaunchOptions): Promise<Postmaster> {
  await turnLog(options.logFile);
  const orphanDeadline = Date.now() + ORPHAN_PATIENCE_MS;
  let preferredPort = options.preferredPort;
  for (let attempt = 0; attempt < PORT_ATTEMPTS;) {
    await removeMisleadingPidFile(options.dataDir);
    const port = await pickPort(preferredPort);
    const outcome = await launchOnce(options, port);
    if (typeof outcome !== 'string') return outcome;
    if (/lock file "postmaster.pid" already exists/.test(outcome)) {
      const other = await waitForOther(options.dataDir);
      if (other !== undefined) return other;
      attempt += 1;
    } else if (/could not create any TCP\/IP sockets|Address already in use/.test(outcome)) {
      preferredPort = undefined;
      attempt += 1;
    } else if (/pre-existing shared memory block/.test(outcome) && Date.now() < orphanDeadline) {
      // Backends of a killed server are still ending.
      await sleep(300);
    } else {
      throw startError(options, outcome);
    }
  }
  throw startError(options, 'it did not come up after several attempts');
}

function startError(options: LaunchOptions, output: string): ChemflowError {
  return new ChemflowError({
    code: 'SERVER.START',
    message: `The embedded PostgreSQL does not start: ${lastLines(output)}`,
    hint: `see ${options.logFile}; "chemflow db reset" makes a new, empty one`,
  });
}

/** One attempt; resolves to what the server logged where it ended instead of starting. */
async function launchOnce(options: LaunchOptions, port: number): Promise<Postmaster | string> {
  const log = openSync(options.logFile, 'a', 0o600);
  if (options.user !== undefined) fchownSync(log, options.user.uid, options.user.gid);
  const logStart = statSync(options.logFile).size;
  let child: ChildProcess;
  try {
    child = spawn(options.runtime.postgres, ['-D', options.dataDir, '-p', String(port)], {
      cwd: path.dirname(options.dataDir),
      env: CLEAN_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
      ...identityOf(options.user),
    });
  } finally {
    closeSync(log);
  }
  let ended = false;
  let reason: string | undefined;
  child.once('error', (error) => {
    ended = true;
    reason = error.message;
  });
  child.once('exit', () => {
    ended = true;
  });
  child.unref();
  const slow = setTimeout(() => options.onSlow?.(), 3_000);
  try {
    const isReady = () => {
      const found = findPostmaster(options.dataDir);
      return found !== undefined && found.pid === child.pid && found.state === 'ready';
    };
    // Crash recovery may take minutes, and a process that lives is at work on it.
    await waitUntil(() => ended || isReady(), 15 * 60_000);
  } finally {
    clearTimeout(slow);
  }
  const found = findPostmaster(options.dataDir);
  if (!ended && found?.state === 'ready') return found;
  return reason ?? readFrom(options.logFile, logStart);
}

/** Waits for a server that another process is starting. */
async function waitForOther(dataDir: string): Promise<Postmaster | undefined> {
  await waitUntil(() => findPostmaster(dataDir)?.state !== 'starting', 15 * 60_000);
  const found = findPostmaster(dataDir);
  return found?.state === 'ready' ? found : undefined;
}

function readFrom(file: string, start: number): string {
  const length = statSync(file).size - start;
  if (length <= 0) return '';
  const buffer = Buffer.alloc(Math.min(length, 64 * 1024));
  const handle = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, start));
  } finally {
    closeSync(handle);
  }
}

/** Keeps one older log. */
async function turnLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(file, `${file}.old`);
}
