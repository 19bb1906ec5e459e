import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runDb } from '../../src/commands/db.js';
import { readServerSettings, resetServer, serverStatus, startServer, stopServer } from '../../src/server/index.js';
import { queryOnce } from '../support/database.js';

/** A folder with a project in it, under a name that careless quoting trips over. Its parent is open to all (0755) or closed (0700), as home folders are. */
async function makeProject(name = "analyst's own project", parentMode = 0o755): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'chemflow-server-'));
  chmodSync(root, parentMode);
  const projectDir = path.join(root, name);
  mkdirSync(projectDir, { recursive: true });
  await writeFile(path.join(projectDir, 'chemflow.yml'), 'name: probe\n');
  return projectDir;
}

async function removeProject(projectDir: string): Promise<void> {
  await resetServer(projectDir);
  let root = projectDir;
  while (path.dirname(root) !== tmpdir()) root = path.dirname(root);
  await rm(root, { recursive: true, force: true });
}

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('the embedded server', () => {
  let projectDir: string;
  beforeAll(async () => {
    projectDir = await makeProject();
  });
  afterAll(() => removeProject(projectDir));

  it('starts once for all who ask at the same time, and stays', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startServer({ projectDir })));
    expect(new Set(servers.map((server) => server.port)).size).toBe(1);
    expect((await startServer({ projectDir })).wasRunning).toBe(true);
    const rows = await queryOnce(servers[0]!.settings('postgres'), 'create table kept as select 1 as one; checkpoint');
    expect(rows).toEqual([]);
  });

  it('listens on loopback only and keeps its secrets to its owner', async () => {
    const settings = readServerSettings(projectDir)!;
    const [row] = await queryOnce(
      settings,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
        current_setting('wal_level') as wal_level, current_setting('timezone') as timezone,
        (select string_agg(distinct auth_method, ' ') from pg_hba_file_rules) as auth`,
    );
    expect(row).toEqual({
      addresses: '127.0.0.1',
      sockets: '',
      wal_level: 'minimal',
      timezone: 'UTC',
      auth: 'scram-sha-256',
    });
    await expect(queryOnce({ ...settings, password: 'guess' }, 'select 1')).rejects.toThrow(/password/);
    const stateDir = path.join(projectDir, '.chemflow');
    expect(modeOf(path.join(stateDir, 'server.json'))).toBe('600');
    expect(modeOf(path.join(stateDir, 'postgres'))).toBe('700');
    expect(modeOf(path.join(stateDir, 'postgres', 'postgres.log'))).toBe('600');
    expect(readFileSync(path.join(stateDir, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(path.join(stateDir, 'postgres')).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('comes back with its data after kill -9', async () => {
    const { pid, port } = await serverStatus(projectDir);
    process.kill(pid!, 'SIGKILL');
    const server = await startServer({ projectDir });
    expect(server.wasRunning).toBe(false);
    expect(server.port).toBe(port);
    expect(await queryOnce(server.settings('postgres'), 'select one from kept')).toEqual([{ one: 1 }]);
  });

  it('starts although its old process number is another process now', async () => {
    const { dataDir } = await serverStatus(projectDir);
    const pidFile = path.join(dataDir!, 'postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    await stopServer(projectDir);
    writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    expect((await serverStatus(projectDir)).state).toBe('stopped');
    expect((await startServer({ projectDir })).wasRunning).toBe(false);
  });

  it('takes another port where its own is taken', async () => {
    const { port } = await serverStatus(projectDir);
    await stopServer(projectDir);
    const occupant: Server = createServer();
    await new Promise<void>((resolve) => occupant.listen(port, '127.0.0.1', resolve));
    const server = await startServer({ projectDir });
    occupant.close();
    expect(server.port).not.toBe(port);
    expect(readServerSettings(projectDir)?.port).toBe(server.port);
  });

  it('refuses data of another major version, in words', async () => {
    const { dataDir, major } = await serverStatus(projectDir);
    await stopServer(projectDir);
    const versionFile = path.join(dataDir!, 'PG_VERSION');
    writeFileSync(versionFile, '13\n');
    await expect(startServer({ projectDir })).rejects.toMatchObject({
      code: 'SERVER.VERSION',
      hint: expect.stringContaining('chemflow db reset'),
    });
    writeFileSync(versionFile, `${major}\n`);
  });

  it('is not mistaken for a new one where its password was lost', async () => {
    const recordFile = path.join(projectDir, '.chemflow', 'server.json');
    const record = readFileSync(recordFile);
    await rm(recordFile);
    await expect(startServer({ projectDir })).rejects.toMatchObject({ code: 'SERVER.RECORD' });
    writeFileSync(recordFile, record, { mode: 0o600 });
    expect((await startServer({ projectDir })).wasRunning).toBe(false);
  });
});

describe.runIf(process.getuid?.() === 0)('the embedded server of root, in a folder closed to others', () => {
  it('lives in a system folder, and a copy of the project gets one of its own', async () => {
    const original = await makeProject('original', 0o700);
    const copy = path.join(path.dirname(original), 'copy');
    const server = await startServer({ projectDir: original });
    expect(server.dataDir.startsWith(original)).toBe(false);
    cpSync(original, copy, { recursive: true });
    const other = await startServer({ projectDir: copy });
    expect(other.dataDir).not.toBe(server.dataDir);
    await resetServer(copy);
    expect(existsSync(other.dataDir)).toBe(false);

    await stopServer(original);
    rmSync(copy, { recursive: true });
    renameSync(original, copy);
    expect(await startServer({ projectDir: copy })).toMatchObject({ dataDir: server.dataDir, wasRunning: false });
    await removeProject(copy);
    expect(existsSync(server.dataDir)).toBe(false);
  });
});

describe('chemflow db', () => {
  let projectDir: string;
  const said: string[] = [];
  const io = { out: (text: string) => said.push(`out: ${text}`), err: (text: string) => said.push(`err: ${text}`) };
  beforeAll(async () => {
    // Beyond the 107 bytes of a Unix socket's path.
    projectDir = await makeProject(path.join(...Array.from({ length: 5 }, () => randomBytes(15).toString('hex'))));
  });
  afterAll(() => removeProject(projectDir));
  afterEach(() => said.splice(0));

  it('says what there is, starts, gives the address, stops and deletes', async () => {
    const run = (action: Parameters<typeof runDb>[0], more = {}) => runDb(action, { projectDir, io, ...more });
    expect(await run('status')).toBe(1);
    await expect(run('url')).rejects.toMatchObject({ code: 'SERVER.NONE' });
    expect(await run('stop')).toBe(0);
    expect(await run('start')).toBe(0);
    expect(await run('start')).toBe(0);
    expect(await run('status')).toBe(0);
    expect(await run('url', { database: 'a b' })).toBe(0);
    if (spawnSync('psql', ['--version']).status === 0) {
      expect(await run('psql', { command: 'select 1', env: process.env })).toBe(0);
      expect(await run('psql', { command: 'select oops', env: process.env })).toBe(1);
    }
    const nowhere = { command: 'select 1', env: { PATH: '/nowhere' } };
    await expect(run('psql', nowhere)).rejects.toMatchObject({ code: 'SERVER.NO_PSQL' });
    await expect(run('reset')).rejects.toMatchObject({ code: 'CLI.NOT_CONFIRMED' });
    expect(await run('stop')).toBe(0);
    expect(await run('reset', { yes: true })).toBe(0);
    expect(await run('status')).toBe(1);
    const { port, password } = { port: /:(\d+)\./.exec(said[2]!)![1]!, password: /chemflow:(.*)@/.exec(said[5]!)![1]! };
    expect(said.map((line) => line.replaceAll(port, 'PORT').replace(password, 'PASSWORD').split('\n')[0])).toEqual([
      'out: none (chemflow db start makes one)',
      'err: No embedded PostgreSQL is running here.',
      'err: The embedded PostgreSQL is up on 127.0.0.1:PORT.',
      'err: The embedded PostgreSQL is already up on 127.0.0.1:PORT.',
      'out: running (PostgreSQL 18)',
      'out: postgresql://chemflow:PASSWORD@127.0.0.1:PORT/a%20b?sslmode=disable',
      'err: The embedded PostgreSQL is stopped.',
      'err: The embedded PostgreSQL and its data are deleted.',
      'out: none (chemflow db start makes one)',
    ]);
    expect(existsSync(path.join(projectDir, '.chemflow', 'postgres'))).toBe(false);
  });

  it('makes no server where there is no project', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'chemflow-nothing-'));
    await expect(runDb('start', { projectDir: folder, io })).rejects.toMatchObject({ code: 'CONFIG.NO_PROJECT' });
    expect(readdirSync(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
