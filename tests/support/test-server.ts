import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBinaries, type Binaries } from '../../src/server/binaries.js';
import { initDataDirectory, SERVER_ROLE, writeSettings } from '../../src/server/data-directory.js';
import { launchServer } from '../../src/server/launch.js';
import { chooseServerUser } from '../../src/server/os-user.js';
import { stopPostmaster } from '../../src/server/postmaster.js';
import { prepareRuntime, type Runtime } from '../../src/server/runtime.js';
import { makeServerFolder, makeSystemFolder } from '../../src/server/server-folder.js';
import { thisMachine, tuneServer, type ServerSettings } from '../../src/server/tuning.js';
import type { ConnectionSettings } from '../../src/types/index.js';

/** A PostgreSQL server that lives as long as the tests that use it. */
export interface TestServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly pid: number;
  /** PostgreSQL's programs, for other servers of the same run. */
  readonly runtime: Runtime;
  /** Settings of a connection to one of its databases. */
  settings(database: string): ConnectionSettings;
  stop(): Promise<void>;
}

/** Crash safety costs time and a test's data is nobody's. */
const TEST_SETTINGS: ServerSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '200',
};

/**
 * Starts a server in a temporary folder of its own, with the settings of the embedded one, no crash safety, and `settings` on top (`{ log_statement: 'all' }`).
 * It is stopped and removed by stop(), and also when this process ends in whatever way.
 */
export async function startTestServer(
  options: {
    readonly settings?: ServerSettings;
    /** Programs of another PostgreSQL version. */
    readonly binaries?: Binaries;
    /** Programs that another server of this test run has copied already. */
    readonly runtime?: Runtime;
  } = {},
): Promise<TestServer> {
  const user = chooseServerUser(tmpdir());
  const wished = path.join(tmpdir(), `chemflow-test-${randomBytes(6).toString('hex')}`);
  const home = (await makeServerFolder(wished, user)) ? wished : await makeSystemFolder(user);
  const dataDir = path.join(home, 'data');
  const logFile = path.join(home, 'postgres.log');
  const password = randomBytes(12).toString('hex');
  const release = removeWhenOrphaned(home);
  try {
    const runtime = options.runtime ?? (await prepareRuntime(home, options.binaries ?? (await findBinaries()), user));
    await initDataDirectory({ runtime, dataDir, user, password, sync: false });
    const settings = { ...tuneServer(thisMachine()), ...TEST_SETTINGS, ...options.settings };
    await writeSettings(dataDir, settings, user);
    const postmaster = await launchServer({ runtime, dataDir, logFile, user });
    return {
      port: postmaster.port,
      pid: postmaster.pid,
      runtime,
      user: SERVER_ROLE,
      password,
      dataDir,
      logFile,
      settings: (database) => connectionSettings({ port: postmaster.port, user: SERVER_ROLE, password }, database),
      async stop() {
        await stopPostmaster(dataDir);
        await rm(home, { recursive: true, force: true });
        release();
      },
    };
  } catch (error) {
    await stopPostmaster(dataDir);
    await rm(home, { recursive: true, force: true });
    release();
    throw error;
  }
}

/** Settings of a connection to a test server's database. */
export function connectionSettings(
  server: { readonly port: number; readonly user: string; readonly password: string },
  database: string,
): ConnectionSettings {
  const { port, user, password } = server;
  return { name: database, host: '127.0.0.1', port, user, password, database, sslmode: 'disable' };
}

/** A shell that waits on a pipe from this process: its end, even by SIGKILL, closes the pipe, and the shell stops the server and removes its folder. */
function removeWhenOrphaned(home: string): () => void {
  const script = `read -r answer
[ "$answer" = released ] && exit
pid=$(head -n 1 "$1/data/postmaster.pid") && kill -INT "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$1/data/postmaster.pid" ] || break; sleep 1; done
[ -n "$pid" ] && kill -9 "$pid"
rm -rf -- "$1"
sleep 2 # An initdb that was at work may have written on.
rm -rf -- "$1"`;
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', home], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return () => {
    watcher.stdin.end('released\n');
  };
}
