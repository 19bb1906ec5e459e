import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdapter } from '../../src/adapter/index.js';
import { main } from '../../src/cli.js';
import { buildGraph } from '../../src/graph/index.js';
import { loadProject, openConnections, parseProject } from '../../src/project/index.js';
import { createSample } from '../../src/sample/index.js';
import type { Adapter, Column, ConnectionSettings, Invocation, Relation, Session } from '../../src/types/index.js';
import { quoteIdentifier } from '../../src/util/sql-text.js';
import { ask } from './databases.js';
import { startTestServer } from '../support/test-server.js';
import type { Templates } from './renderings.js';

/** A warehouse built from a sample, in as many copies as there are to work side by side. */
export interface Laboratory {
  readonly templates: Templates;
  readonly order: readonly string[];
  /** A session on the n-th copy, in which every model is a table. */
  open(copy: number): Promise<Session>;
  close(): Promise<void>;
}

/** The size of the sample, and what it is made with. */
export interface LaboratoryOptions {
  readonly users: number;
  readonly seed: number;
  readonly until: string;
  readonly copies: number;
  readonly projectDir: string;
  readonly say: (text: string) => void;
}

const flags: Invocation['flags'] = {
  which: 'run',
  fullRefresh: true,
  failFast: false,
  storeFailures: false,
  empty: false,
  threads: 1,
  args: {},
};

function variables(prefix: string, settings: ConnectionSettings): Record<string, string> {
  return {
    [`${prefix}_HOST`]: settings.host,
    [`${prefix}_PORT`]: String(settings.port),
    [`${prefix}_NAME`]: settings.database,
    [`${prefix}_USER`]: settings.user,
    [`${prefix}_PASSWORD`]: settings.password ?? '',
  };
}

const salt = 'a salt for mutants only';

/** Makes tables of views and materialized views, so that each model can be filled anew within a transaction. */
const tablesOfViews = `
do $$
declare model record;
begin
  for model in
    select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and n.nspname in ('staging', 'core', 'aggregates', 'ai')
  loop
    execute format('create table %I.%I as select * from %I.%I', model.nspname, 'table of ' || model.relname, model.nspname, model.relname);
  end loop;
  for model in
    select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and n.nspname in ('staging', 'core', 'aggregates', 'ai')
  loop
    if to_regclass(format('%I.%I', model.nspname, model.relname)) is not null then
      execute format('drop %s if exists %I.%I cascade', case model.relkind when 'v' then 'view' else 'materialized view' end, model.nspname, model.relname);
    end if;
    execute format('alter table %I.%I rename to %I', model.nspname, 'table of ' || model.relname, model.relname);
  end loop;
end $$`;

/** Starts a server of its own, makes a sample and a warehouse of it, and copies that. */
export async function openLaboratory(options: LaboratoryOptions): Promise<Laboratory> {
  const { say, projectDir } = options;
  const server = await startTestServer();
  const targetPath = mkdtempSync(join(tmpdir(), 'chemflow-mutants-'));
  const adapters: Adapter[] = [];
  try {
    for (const name of ['chemlink', 'engagement', 'warehouse'])
      await ask(server.settings('postgres'), `create database ${name} template template0`);
    const [chemlink, engagement, warehouse] = [
      server.settings('chemlink'),
      server.settings('engagement'),
      server.settings('warehouse'),
    ] as const;
    say(`making a sample of ${options.users} users`);
    await createSample({ chemlink, engagement, users: options.users, seed: options.seed, until: options.until });
    const env = {
      ...process.env,
      ...variables('CHEMLINK_PRD_DB', chemlink),
      ...variables('ENGAGEMENT_PRD_DB', engagement),
      ...variables('ANALYTICS_DB', warehouse),
      CHEMFLOW_HASH_SALT: salt,
    };
    say('building the warehouse');
    let printed = '';
    const stream = { write: (text: string): boolean => ((printed += text), true) };
    const exitCode = await main(['run', '--target-path', targetPath, '--project-dir', projectDir], {
      stdout: stream,
      stderr: stream,
      env,
      cwd: projectDir,
      signal: new AbortController().signal,
    });
    if (exitCode !== 0) throw new Error(`chemflow run ended with ${exitCode}\n${printed}`);
    const unconnected = loadProject({ projectDir, env, targetPath });
    const project = await openConnections(await unconnected, () => undefined);
    const invocation: Invocation = { id: '00000000-0000-4000-8000-000000000000', startedAt: new Date(), flags };
    const manifest = parseProject(project, invocation);
    await ask(project.target.connection, tablesOfViews);
    await ask(warehouse, 'vacuum analyze');
    const catalog = await readCatalog(warehouse);
    const graph = buildGraph(manifest);
    for (let copy = 0; copy < options.copies; copy += 1)
      await ask(server.settings('postgres'), `create database copy_${copy} template warehouse`);
    return {
      templates: { project, manifest, invocation, database: catalog },
      order: graph.ids,
      open: async (copy) => {
        const adapter = createAdapter({ ...project.target.connection, database: `copy_${copy}` }, { poolSize: 1 });
        adapters.push(adapter);
        const session = await adapter.open('mutants');
        await session.query("set statement_timeout = '20s'; set client_min_messages = error; set jit = off");
        return session;
      },
      close: async () => {
        await Promise.allSettled(adapters.map((adapter) => adapter.close()));
        await server.stop();
        rmSync(targetPath, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await server.stop();
    rmSync(targetPath, { recursive: true, force: true });
    throw error;
  }
}

/** A template runs a query of its own, which the catalog that was read once does not answer. */
export class AskedDatabase extends Error {}

/** The catalog as templates ask for it, read once. A template that runs a query of its own cannot be rendered so. */
async function readCatalog(settings: ConnectionSettings): Promise<Templates['database']> {
  const rows = await ask(
    settings,
    `select n.nspname as schema, c.relname as name, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_|^information'
     -- Without a mark of an earlier run every model is rendered as for a full build.
       and c.relname <> 'built_to'
     order by 1, 2, a.attnum`,
  );
  const columns = new Map<string, Column[]>();
  for (const row of rows) {
    const key = `${String(row['schema'])}.${String(row['name'])}`;
    columns.set(key, [...(columns.get(key) ?? []), { name: String(row['column']), dataType: String(row['type']) }]);
  }
  return {
    query: (sql) => {
      throw new AskedDatabase(`A template asks the database: ${sql}`);
    },
    relations: (database, schema): Relation[] =>
      [...columns.keys()]
        .filter((key) => key.startsWith(`${schema}.`))
        .map((key) => ({ database, schema, identifier: key.slice(schema.length + 1), type: 'table' })),
    columns: (relation) => columns.get(`${relation.schema}.${relation.identifier}`) ?? [],
    changed: () => undefined,
  };
}

/** The quoted name of a model's relation, without its database. */
export function relationName(node: { readonly schema: string; readonly alias: string }): string {
  return `${quoteIdentifier(node.schema)}.${quoteIdentifier(node.alias)}`;
}

/** How many rows a relation has and a sum over them that tells one set of rows from another. */
export async function fingerprint(session: Session, name: string): Promise<string> {
  const { rows } = await session.query(
    `select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from ${name} as t`,
  );
  return (rows[0] ?? []).join(' ');
}
