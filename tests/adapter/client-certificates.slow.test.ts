import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { ConnectionSettings } from '../../src/types/index.js';
import { administer, createTestServer, queryOnce, type TestServer } from '../support/database.js';

// Node makes keys but no certificates: without openssl there is nothing to show to the server.
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('certificates', () => {
  let folder: string;
  let server: TestServer;
  const file = (name: string): string => join(folder, name);

  /** A key and a certificate of this name, signed by the authority `signer`, or by itself. */
  const certify = (name: string, subject: string, signer?: string): void => {
    const openssl = (...args: readonly string[]): void => {
      execFileSync('openssl', [...args], { cwd: folder, stdio: 'ignore' });
    };
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${subject}`,
    );
    writeFileSync(
      file(`${name}.ext`),
      `subjectAltName=DNS:${subject}\nbasicConstraints=CA:${signer === undefined ? 'TRUE' : 'FALSE'}\n`,
    );
    const signing =
      signer === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${signer}.crt`, '-CAkey', `${signer}.key`, '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
      ...signing,
    );
    chmodSync(file(`${name}.key`), 0o600);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chemflow-certificates-'));
    chmodSync(folder, 0o755);
    certify('authority', 'An authority of this test');
    certify('stranger', 'Another authority');
    certify('server', 'localhost', 'authority');
    certify('client', 'analyst', 'authority');
    certify('forged', 'analyst', 'stranger');
    server = await createTestServer();
    const { uid, gid } = statSync(server.dataDir);
    chownSync(file('server.key'), uid, gid);
    for (const [name, value] of [
      ['ssl_cert_file', 'server.crt'],
      ['ssl_key_file', 'server.key'],
      ['ssl_ca_file', 'authority.crt'],
    ] as const)
      await administer(server, `alter system set ${name} = '${file(value)}'`);
    await administer(server, 'alter system set ssl = on');
    await administer(server, 'select pg_reload_conf()');
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const subject = async (change: Partial<ConnectionSettings>): Promise<string | null | undefined> => {
    const adapter = createAdapter({
      ...server.settings('postgres'),
      host: 'localhost',
      sslrootcert: file('authority.crt'),
      ...change,
    });
    try {
      return await adapter.withSession(
        async (session) =>
          (await session.query('select client_dn from pg_stat_ssl where pid = pg_backend_pid()')).rows[0]?.[0],
      );
    } finally {
      await adapter.close();
    }
  };

  test('are what the server uses once it has read its settings', async () => {
    await expect
      .poll(() => queryOnce(server.settings('postgres'), `select current_setting('ssl') as ssl`))
      .toEqual([{ ssl: 'on' }]);
  });

  test('of a client are shown to the server, which is verified itself', async () => {
    const own = { sslmode: 'verify-full' as const, sslcert: file('client.crt'), sslkey: file('client.key') };
    expect(await subject(own)).toBe('/CN=analyst');
    expect(await subject({ sslmode: 'verify-full' })).toBe(null);
  });

  test('of another authority are refused, by the server and of the server', async () => {
    await expect(
      subject({ sslmode: 'verify-full', sslcert: file('forged.crt'), sslkey: file('forged.key') }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^CONNECT\./) as string });
    await expect(subject({ sslmode: 'verify-ca', sslrootcert: file('stranger.crt') })).rejects.toMatchObject({
      code: 'CONNECT.SSL',
    });
  });

  test('of another host are refused by verify-full, and taken by verify-ca', async () => {
    await expect(subject({ sslmode: 'verify-full', host: '127.0.0.1' })).rejects.toMatchObject({ code: 'CONNECT.SSL' });
    expect(await subject({ sslmode: 'verify-ca', host: '127.0.0.1' })).toBe(null);
  });
});
