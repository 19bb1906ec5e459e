import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { link, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { temporaryName } from './temporary-name.js';

/** A server process as its postmaster.pid tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly state: 'starting' | 'ready' | 'stopping';
  readonly startedAt: Date;
}

const PID_FILE = 'postmaster.pid';

/** The server that runs on a data directory, or undefined. A pid file left by a crash is not a server, also when another process has its number by now. */
export function findPostmaster(dataDir: string): Postmaster | undefined {
  const found = readPidFile(dataDir);
  return found !== undefined && isPostmasterOf(found.pid, dataDir) ? found : undefined;
}

function readPidFile(dataDir: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path.join(dataDir, PID_FILE), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!(pid > 0)) return undefined;
  const status = (lines[7] ?? '').trim();
  return {
    pid,
    port: Number.parseInt(lines[3] ?? '', 10),
    startedAt: new Date(Number.parseInt(lines[2] ?? '0', 10) * 1000),
    state: status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting',
  };
}

/** Is a process with this number there? One of another user counts. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Is this process a PostgreSQL server on this data directory? Numbers are used again, in containers soon. */
function isPostmasterOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (!existsSync('/proc/self/cmdline')) return commandLine(pid).includes(dataDir);
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDir)) return true;
    // The folder was moved, or is reached by another name, since the server started.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/**
 * Removes a pid file whose number belongs to a process that is no server on this data directory: PostgreSQL would take it for one and refuse to start.
 * Where no such process is alive PostgreSQL does that itself, with a check for orphaned backends.
 */
export async function removeMisleadingPidFile(dataDir: string): Promise<void> {
  const found = readPidFile(dataDir);
  if (found === undefined || !isAlive(found.pid) || isPostmasterOf(found.pid, dataDir)) return;
  const file = path.join(dataDir, PID_FILE);
  const aside = temporaryName(file);
  try {
    await rename(file, aside);
    const taken = Number.parseInt(await readFile(aside, 'utf8'), 10);
    // Another process started a server between the look and the rename.
    if (taken !== found.pid) await link(aside, file);
  } catch {
    return;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Stops a server: its sessions are ended and their transactions rolled back; after `patienceMs` the hard way, which crash recovery heals. Resolves when it is gone. */
export async function stopPostmaster(dataDir: string, patienceMs = 60_000): Promise<boolean> {
  const found = findPostmaster(dataDir);
  if (found === undefined) return false;
  const isGone = () => findPostmaster(dataDir)?.pid !== found.pid;
  process.kill(found.pid, 'SIGINT');
  if (await waitUntil(isGone, patienceMs)) return true;
  process.kill(found.pid, 'SIGQUIT');
  if (await waitUntil(isGone, 10_000)) return true;
  process.kill(found.pid, 'SIGKILL');
  await waitUntil(isGone, 5_000);
  return true;
}

/** Asks again and again until the answer is yes or the time is over; resolves to the last answer. */
export async function waitUntil(isTrue: () => boolean, patienceMs: number): Promise<boolean> {
  const end = Date.now() + patienceMs;
  let pause = 5;
  while (!isTrue()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(50, pause * 2);
  }
  return true;
}
