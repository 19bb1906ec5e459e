import { randomUUID } from 'node:crypto';
import { createAdapter } from '../../src/adapter/index.js';
import { extractSources, type ExtractMode } from '../../src/extract/index.js';
import { openState } from '../../src/state/index.js';
import type {
  Adapter,
  ExtractConfig,
  ExtractResult,
  Manifest,
  Project,
  RunEvent,
  SourceTable,
  State,
} from '../../src/types/index.js';
import { createTestDatabase, type TestDatabase, type TestServer } from '../support/database.js';

/** What a test says of a source table. */
export interface TableSpec extends Partial<ExtractConfig> {
  readonly name: string;
  readonly declared?: Readonly<Record<string, string | undefined>>;
  readonly connection?: string;
}

/** A source database and a warehouse, and an extraction between them. */
export interface Setting {
  readonly source: TestDatabase;
  readonly warehouse: TestDatabase;
  readonly sourceAdapter: Adapter;
  readonly adapter: Adapter;
  readonly state: State;
  readonly events: RunEvent[];
  /** Statements at the source, in one session of a writer. */
  write(sql: string): Promise<void>;
  /** Rows of the warehouse, as text. */
  read(sql: string): Promise<(string | null)[][]>;
  extract(tables: readonly TableSpec[], mode?: ExtractMode, more?: ExtractMore): Promise<ExtractResult[]>;
  /** Empties both databases, which is much quicker than making new ones. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** What a test changes of one extraction. */
export interface ExtractMore {
  readonly startedAt?: Date;
  readonly timezone?: string;
  readonly threads?: number;
  readonly warehouse?: Adapter;
  readonly signal?: AbortSignal;
  readonly sources?: Readonly<Record<string, Adapter>>;
  readonly clockQuery?: string;
  readonly onEvent?: (event: RunEvent) => void;
}

/** `schema` is SQL for the source; `server` is one of the test's own. */
export async function createSetting(schema = '', server?: TestServer): Promise<Setting> {
  const on = server === undefined ? {} : { server };
  const [source, warehouse] = [await createTestDatabase(on), await createTestDatabase(on)];
  const writer = createAdapter({ ...source.settings, name: 'shop' });
  const sourceAdapter = createAdapter({ ...source.settings, name: 'shop' }, { readOnly: true });
  const adapter = createAdapter(warehouse.settings);
  const writing = await writer.open('writer');
  if (schema !== '') await writing.query(schema);
  const state = await openState(adapter);
  const events: RunEvent[] = [];
  return {
    source,
    warehouse,
    sourceAdapter,
    adapter,
    state,
    events,
    write: async (sql) => {
      await writing.query(sql);
    },
    read: async (sql) => (await adapter.withSession((session) => session.query(sql))).rows.map((row) => [...row]),
    extract: (tables, mode = { kind: 'auto' }, more = {}) =>
      extractSources({
        project: projectWith(more.timezone),
        manifest: { files: {} } as Manifest,
        tables: tables.map((table) => sourceTable(table, more.clockQuery)),
        warehouse: more.warehouse ?? adapter,
        sources: more.sources ?? { shop: sourceAdapter },
        state,
        mode,
        invocation: {
          id: randomUUID(),
          startedAt: more.startedAt ?? new Date(),
          flags: {
            which: 'run',
            fullRefresh: false,
            failFast: false,
            storeFailures: false,
            empty: false,
            threads: 2,
            args: {},
          },
        },
        threads: more.threads ?? 2,
        sink: (event) => {
          events.push(event);
          more.onEvent?.(event);
        },
        signal: more.signal,
      }),
    reset: async () => {
      events.length = 0;
      await writing.query('drop schema public cascade; create schema public; grant usage on schema public to public');
      await adapter.withSession((session) =>
        session.query(`drop schema if exists staging cascade;
          truncate chemflow.watermarks, chemflow.extractions, chemflow.source_clocks`),
      );
    },
    drop: async () => {
      await Promise.all([writer.close(), sourceAdapter.close(), adapter.close()]);
      await Promise.all([source.drop(), warehouse.drop()]);
    },
  };
}

function projectWith(timezone: string | undefined): Project {
  return {
    root: { name: 'p', vars: timezone === undefined ? {} : { timezone } },
    cliVars: {},
  } as unknown as Project;
}

/** A table of source `shop`, as PROJECT reads it from sources.yml. */
export function sourceTable(spec: TableSpec, clockQuery: string | undefined = undefined): SourceTable {
  const { name, declared, connection, ...extract } = spec;
  return {
    unique_id: `source.p.shop.${name}`,
    resource_type: 'source',
    source_name: 'shop',
    name,
    original_file_path: 'sources.yml',
    line: 7,
    schema: 'staging',
    identifier: `shop_${name}`,
    columns: Object.fromEntries(
      Object.entries(declared ?? {}).map(([column, type]) => [
        column,
        { name: column, description: '', data_type: type, meta: {}, tags: [] },
      ]),
    ),
    connection: connection ?? 'shop',
    clock_query: clockQuery ?? null,
    extract: {
      strategy: 'incremental',
      horizon: 'transaction',
      cursor: null,
      key: ['id'],
      columns: null,
      exclude: [],
      soft_delete: null,
      reconcile: 'always',
      from: { schema: 'public', table: name },
      ...extract,
    },
  } as unknown as SourceTable;
}
