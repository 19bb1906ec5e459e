import pg from 'pg';
import type { ConnectionSettings } from '../../src/types/index.js';
import { parseInstant, type Instant } from '../../src/util/instant.js';

/** A row as PostgreSQL prints it. */
export type Row = Readonly<Record<string, string | null>>;

/** What the warehouse is to be computed from: the rows of the two sources, and what only staging remembers. */
export interface Sources {
  readonly chemlink: Readonly<Record<ChemlinkTable, readonly Row[]>>;
  readonly engagement: Readonly<Record<EngagementTable, readonly Row[]>>;
  /** Rows of the snapshot of persons. */
  readonly personHistory: readonly Row[];
  /** Every updated_at of a person that a run has seen: `<persons.id> <instant>`. */
  readonly updatesSeen: ReadonlySet<string>;
  /** LIKE patterns of test accounts. */
  readonly testPatterns: readonly string[];
  /** The older of the two sources' clocks. */
  readonly clock: Instant | undefined;
}

export const chemlinkTables = [
  'persons',
  'experiences',
  'education',
  'person_languages',
  'companies',
  'roles',
  'projects',
  'locations',
  'schools',
  'degrees',
  'collections',
  'collection_profiles',
  'collection_collaborators',
  'embeddings',
  'query_embeddings',
  'query_votes',
  'view_access',
  'glossary',
] as const;
export const engagementTables = ['persons', 'posts', 'comments', 'group_members', 'mentions'] as const;
export type ChemlinkTable = (typeof chemlinkTables)[number];
export type EngagementTable = (typeof engagementTables)[number];

/** Runs `work` with a function that gives rows as text, in UTC and ISO dates; a connection apart from the code under test. */
export async function withDatabase<T>(
  settings: ConnectionSettings,
  work: (ask: (sql: string) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    ssl: settings.sslmode === 'require' ? { rejectUnauthorized: false } : false,
    types: { getTypeParser: () => (value: unknown) => value },
  });
  await client.connect();
  try {
    await client.query("set timezone to 'UTC'; set datestyle to 'ISO'; set extra_float_digits to 1");
    return await work(async (sql) => (await client.query<Row>(sql)).rows);
  } finally {
    await client.end();
  }
}

type Ask = (sql: string) => Promise<Row[]>;

/** Rows that the source has, and those that only staging still has, with when the source lost them. */
async function withLostRows(
  source: Ask,
  warehouse: Ask | undefined,
  table: string,
  stagingName: string,
): Promise<Row[]> {
  const vectorless = 'id, created_at, updated_at, deleted_at';
  const columns: Readonly<Record<string, string>> = {
    embeddings: `person_id, ${vectorless}`,
    query_embeddings: `intent, ${vectorless}`,
  };
  const rows = await source(`select ${columns[table] ?? '*'} from public."${table}"`);
  if (warehouse === undefined) return rows;
  const present = new Set(rows.map((row) => row['id']));
  const lost = await warehouse(`select * from ${stagingName} where _source_deleted_at is not null`);
  return [...rows, ...lost.filter((row) => !present.has(row['id'] ?? null))];
}

/** Where the oracle looks. */
export interface SourcePlaces {
  readonly chemlink: ConnectionSettings;
  readonly engagement: ConnectionSettings;
  /** The analytics database; without it nothing is taken from staging. */
  readonly warehouse: ConnectionSettings | undefined;
  /** Schema of the raw copies; `staging` unless told. */
  readonly stagingSchema?: string;
  /** updated_at values seen by earlier runs (see {@link rememberUpdates}). */
  readonly updatesSeen?: ReadonlySet<string>;
  readonly testPatterns: readonly string[];
}

/** Reads everything; the sources must stand as at the last extraction. */
export async function readSources(places: SourcePlaces): Promise<Sources> {
  const staging = places.stagingSchema ?? 'staging';
  const read = async (warehouse: Ask | undefined): Promise<Sources> => {
    const chemlink = await withDatabase(places.chemlink, async (ask) => {
      const entries: [ChemlinkTable, Row[]][] = [];
      for (const table of chemlinkTables) {
        entries.push([table, await withLostRows(ask, warehouse, table, `${staging}.chemlink_${table}`)]);
      }
      return { tables: Object.fromEntries(entries) as Record<ChemlinkTable, Row[]>, clock: await readClock(ask) };
    });
    const engagement = await withDatabase(places.engagement, async (ask) => {
      const entries: [EngagementTable, Row[]][] = [];
      for (const table of engagementTables) {
        entries.push([table, await withLostRows(ask, warehouse, table, `${staging}.engagement_${table}`)]);
      }
      return { tables: Object.fromEntries(entries) as Record<EngagementTable, Row[]>, clock: await readClock(ask) };
    });
    const hasHistory = await warehouse?.(`select to_regclass('${staging}.chemlink_persons_history') as name`);
    const personHistory =
      warehouse !== undefined && typeof hasHistory?.[0]?.['name'] === 'string'
        ? await warehouse(`select * from ${staging}.chemlink_persons_history`)
        : [];
    return {
      chemlink: chemlink.tables,
      engagement: engagement.tables,
      personHistory,
      updatesSeen: rememberUpdates(chemlink.tables.persons, places.updatesSeen),
      testPatterns: places.testPatterns,
      clock: Math.min(chemlink.clock, engagement.clock),
    };
  };
  return places.warehouse === undefined ? await read(undefined) : await withDatabase(places.warehouse, read);
}

/** The updates seen before, and those that the rows show now. */
export function rememberUpdates(persons: readonly Row[], before: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const seen = new Set(before);
  for (const row of persons) {
    const updated = instantOf(row['updated_at']);
    if (updated !== undefined) seen.add(`${row['id'] ?? ''} ${updated}`);
  }
  return seen;
}

async function readClock(ask: Ask): Promise<Instant> {
  const sql = `select coalesce(nullif(current_setting('chemflow.sample_clock', true), '')::timestamptz, now()) as clock`;
  return instantOf((await ask(sql))[0]?.['clock']) ?? Number.NaN;
}

/** A timestamp's text as a moment; undefined for null. */
export function instantOf(text: string | null | undefined): Instant | undefined {
  if (text === null || text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`not a timestamp: ${text}`);
  return instant;
}
