import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { main } from '../../src/cli.js';
import { advanceSample, createSample } from '../../src/sample/index.js';
import type { ConnectionSettings } from '../../src/types/index.js';
import { parseInstant } from '../../src/util/instant.js';
import { packageRoot } from '../../src/util/package-root.js';
import { compareWarehouse, type Difference } from '../oracle/compare-warehouse.js';
import { readTestPatterns } from '../oracle/by-hand.js';
import { expectedWarehouse } from '../oracle/expected-warehouse.js';
import { readSources, rememberUpdates, withDatabase } from '../oracle/read-sources.js';
import { createTestDatabase, type TestServer } from '../support/database.js';

/** A sample and a warehouse of a test's own, driven through the command line. */
export interface WarehouseUnderTest {
  readonly chemlink: ConnectionSettings;
  readonly engagement: ConnectionSettings;
  readonly analytics: ConnectionSettings;
  /** Runs `chemflow <args>`; throws, with what it printed, where the exit code is not 0. */
  chemflow(...args: string[]): Promise<string>;
  advance(days: number): Promise<void>;
  /** What the oracle finds wrong with the warehouse as built now. */
  differences(options?: { readonly asOf?: string; readonly timezone?: string }): Promise<readonly Difference[]>;
  drop(): Promise<void>;
}

/** CHEMFLOW_HASH_SALT of these warehouses. */
export const salt = 'a salt for tests only';

function variables(prefix: string, settings: ConnectionSettings): Record<string, string> {
  return {
    [`${prefix}_HOST`]: settings.host,
    [`${prefix}_PORT`]: String(settings.port),
    [`${prefix}_NAME`]: settings.database,
    [`${prefix}_USER`]: settings.user,
    [`${prefix}_PASSWORD`]: settings.password ?? '',
  };
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}

/** Creates the sample in databases of its own, and an empty analytics database. */
export async function createWarehouseUnderTest(sample: {
  readonly users: number;
  readonly seed: number;
  readonly until: string;
  /** Another server than that of the test run. */
  readonly server?: TestServer;
}): Promise<WarehouseUnderTest> {
  const place = sample.server === undefined ? {} : { server: sample.server };
  const databases = [
    await createTestDatabase(place),
    await createTestDatabase(place),
    await createTestDatabase(place),
  ] as const;
  const [chemlink, engagement, analytics] = [
    databases[0].settings,
    databases[1].settings,
    databases[2].settings,
  ] as const;
  const targetPath = mkdtempSync(path.join(tmpdir(), 'chemflow-warehouse-'));
  await createSample({ chemlink, engagement, ...sample });
  let updatesSeen: ReadonlySet<string> = new Set();
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...variables('CHEMLINK_PRD_DB', chemlink),
    ...variables('ENGAGEMENT_PRD_DB', engagement),
    ...variables('ANALYTICS_DB', analytics),
    CHEMFLOW_HASH_SALT: salt,
  };
  return {
    chemlink,
    engagement,
    analytics,
    async chemflow(...args) {
      const [stdout, stderr] = [collector(), collector()];
      const io = { stdout: stdout.stream, stderr: stderr.stream, env, cwd: packageRoot };
      const exitCode = await main([...args, '--target-path', targetPath], {
        ...io,
        signal: new AbortController().signal,
      });
      if (exitCode !== 0) {
        throw new Error(`chemflow ${args.join(' ')} ended with ${exitCode}\n${stdout.text()}\n${stderr.text()}`);
      }
      if (['run', 'build', 'extract'].includes(args[0] ?? '')) {
        const persons = await withDatabase(chemlink, (ask) => ask('select id, updated_at from persons'));
        updatesSeen = rememberUpdates(persons, updatesSeen);
      }
      return stdout.text();
    },
    advance: (days) => advanceSample({ chemlink, engagement, days }),
    async differences(options = {}) {
      const testPatterns = readTestPatterns();
      const sources = await readSources({ chemlink, engagement, warehouse: analytics, updatesSeen, testPatterns });
      const asOf = options.asOf === undefined ? sources.clock : parseInstant(options.asOf);
      if (asOf === undefined) throw new Error('no as_of');
      const settings = { asOf, timezone: options.timezone ?? 'UTC', salt, bulkThreshold: 100 };
      return await compareWarehouse(analytics, expectedWarehouse(sources, settings));
    },
    async drop() {
      rmSync(targetPath, { recursive: true, force: true });
      for (const database of databases) await database.drop();
    },
  };
}
