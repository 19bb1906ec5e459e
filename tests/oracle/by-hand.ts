import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readServerSettings } from '../../src/server/index.js';
import { sampleDatabases } from '../../src/sample/index.js';
import type { ConnectionSettings } from '../../src/types/index.js';
import { formatInstant, parseInstant } from '../../src/util/instant.js';
import { packageRoot } from '../../src/util/package-root.js';
import { compareWarehouse, describeDifferences, isMissing } from './compare-warehouse.js';
import { expectedWarehouse } from './expected-warehouse.js';
import { readSources, rememberUpdates, withDatabase } from './read-sources.js';

/** The patterns of seeds/test_accounts.csv. */
export function readTestPatterns(): string[] {
  const text = readFileSync(join(packageRoot, 'seeds', 'test_accounts.csv'), 'utf8');
  return parse<{ pattern: string }>(text, { columns: true }).map((row) => row.pattern);
}

function embedded(projectDir: string, database: string): ConnectionSettings {
  const settings = readServerSettings(projectDir, database);
  if (settings === undefined) throw new Error(`${projectDir} has no embedded server; start it with chemflow run`);
  return settings;
}

/** Compares the warehouse of a project's embedded server with the oracle's; resolves to the number of differences. */
export async function checkByHand(projectDir: string, env: NodeJS.ProcessEnv, out: (text: string) => void) {
  const warehouse = embedded(projectDir, env['ORACLE_WAREHOUSE'] ?? 'chemlink_analytics');
  const salt = env['CHEMFLOW_HASH_SALT'] ?? readFileSync(join(projectDir, '.chemflow', 'hash_salt'), 'utf8').trim();
  const staging = env['ORACLE_STAGING'] ?? 'staging';
  const seenBefore = await withDatabase(warehouse, async (ask) => {
    const [found] = await ask(`select to_regclass('${staging}.profile_updates_seen') as name`);
    if (typeof found?.['name'] !== 'string') return [];
    const columns = await ask(`select * from ${staging}.profile_updates_seen limit 0`).then(() =>
      ask(`select attname as name, atttypid::regtype::text as type from pg_attribute
           where attrelid = '${staging}.profile_updates_seen'::regclass and attnum > 0 and not attisdropped order by attnum`),
    );
    const id = columns.find((column) => column['type'] === 'bigint')?.['name'];
    const at = columns.find((column) => column['type'] === 'timestamp with time zone')?.['name'];
    return await ask(
      `select ${id ?? 'null'} as id, ${at ?? 'null'} as updated_at from ${staging}.profile_updates_seen`,
    );
  });
  const sources = await readSources({
    chemlink: embedded(projectDir, sampleDatabases.chemlink),
    engagement: embedded(projectDir, sampleDatabases.engagement),
    warehouse,
    stagingSchema: staging,
    updatesSeen: rememberUpdates(seenBefore),
    testPatterns: readTestPatterns(),
  });
  const asOf = parseInstant(env['ORACLE_AS_OF'] ?? '') ?? sources.clock;
  if (asOf === undefined) throw new Error('the sources have no clock');
  const timezone = env['ORACLE_TIMEZONE'] ?? 'UTC';
  const tables = expectedWarehouse(sources, { asOf, timezone, salt, bulkThreshold: 100 });
  const prefix = env['ORACLE_SCHEMA_PREFIX'] ?? '';
  const differences = await compareWarehouse(warehouse, tables, (schema) => `${prefix}${schema}`);
  out(`as of ${formatInstant(asOf)}, ${timezone}:`);
  for (const table of tables) {
    const own = differences.filter((difference) => difference.table === table.name);
    const verdict = own.length === 0 ? 'agrees ' : own.some(isMissing) ? 'MISSING' : 'DIFFERS';
    out(`${verdict}  ${table.name}: ${table.rows.length} rows, ${own.length} differences`);
  }
  const shown = differences.filter((difference) => !isMissing(difference));
  if (shown.length > 0) out(describeDifferences(shown, Number(env['ORACLE_EXAMPLES'] ?? 3)));
  return differences.length;
}
