import { ChemflowError } from '../error/index.js';
import type { ConnectionSettings, EventSink, Project, Session } from '../types/index.js';
import { saltSetting } from './chemflow-target.js';
import { embeddedSalt } from './embedded-salt.js';

/**
 * Makes a project's connections usable: starts the embedded server where nothing is configured, fills it with the sample sources where chemflow.yml asks for them,
 * and creates the analytics database where it is missing. Resolves to the project with the settings of what it found. Errors are `SERVER.*`, `CONNECT.*`, `CONFIG.NO_DATABASE`.
 */
export async function openConnections(project: Project, sink: EventSink): Promise<Project> {
  if (!project.target.embedded) {
    const { ensureDatabase } = await import('../adapter/index.js');
    const { connection } = project.target;
    if ((await ensureDatabase(connection)) === 'created')
      sink({ kind: 'message', level: 'info', text: `created the database ${connection.database}` });
    return project;
  }
  const { startServer } = await import('../server/index.js');
  const server = await startServer({ projectDir: project.root.root, sink });
  const withSample = project.sample === true && Object.keys(project.sourceConnections).length > 0;
  const sourceConnections = Object.fromEntries(
    Object.entries(project.sourceConnections).map(([name, settings]) => [
      name,
      { ...server.settings(settings.database), name },
    ]),
  );
  const own = project.target.connection;
  const connection: ConnectionSettings = {
    ...server.settings(own.database),
    name: own.name,
    sessionSettings: { [saltSetting]: embeddedSalt(project.root.root), ...own.sessionSettings },
  };
  await fillServer(server.settings('postgres'), connection, withSample ? sourceConnections : {}, sink);
  sink({
    kind: 'message',
    level: 'info',
    code: 'SERVER.EMBEDDED',
    text: withSample
      ? 'using the embedded PostgreSQL with sample data; to use your own databases, copy .env.example to .env and fill it in'
      : `using the embedded PostgreSQL; to use your own, ${
          project.root.kind === 'chemflow' ? 'set the variables of its connections (README)' : 'write a profiles.yml'
        }`,
  });
  return { ...project, target: { ...project.target, connection }, sourceConnections };
}

/** Which databases there are, and which of them hold a finished sample, whose making leaves a setting with the database. */
async function readDatabases(session: Session): Promise<Map<string, { readonly hasSample: boolean }>> {
  const rows = await session.rows<{ readonly name: string; readonly has_sample: boolean }>(
    `select d.datname as name, exists (
       select from pg_db_role_setting s, unnest(s.setconfig) as entry
       where s.setdatabase = d.oid and s.setrole = 0 and entry like 'chemflow.sample\\_%'
     ) as has_sample
     from pg_database d`,
  );
  return new Map(rows.map((row) => [row.name, { hasSample: row.has_sample }]));
}

async function fillServer(
  maintenance: ConnectionSettings,
  warehouse: ConnectionSettings,
  sources: Readonly<Record<string, ConnectionSettings>>,
  sink: EventSink,
): Promise<void> {
  const { createAdapter, ensureDatabase } = await import('../adapter/index.js');
  const adapter = createAdapter(maintenance);
  try {
    await adapter.withSession(async (session) => {
      const databases = await readDatabases(session);
      if (!databases.has(warehouse.database)) await ensureDatabase(warehouse);
      const wanted = Object.values(sources);
      if (wanted.every((source) => databases.get(source.database)?.hasSample === true)) return;
      // A sample whose making was interrupted has one database only, or empty ones: it is made anew.
      for (const source of wanted) {
        if (databases.get(source.database)?.hasSample === true)
          await session.query(`drop database "${source.database.replaceAll('"', '""')}" with (force)`);
        await ensureDatabase(source);
      }
      await makeSample(sources, sink);
    });
  } finally {
    await adapter.close();
  }
}

async function makeSample(sources: Readonly<Record<string, ConnectionSettings>>, sink: EventSink): Promise<void> {
  const { createSample, defaultSeed, defaultUntil, defaultUsers, sampleDatabases } = await import('../sample/index.js');
  const names = Object.keys(sampleDatabases) as (keyof typeof sampleDatabases)[];
  if (names.some((name) => sources[name] === undefined))
    throw new ChemflowError({
      code: 'CONFIG.SAMPLE',
      message: `"sample: true" needs the connections ${names.join(' and ')}.`,
      hint: 'declare them under connections:, or leave "sample" out',
    });
  const databases = sources as Readonly<Record<(typeof names)[number], ConnectionSettings>>;
  await createSample({ ...databases, users: defaultUsers, seed: defaultSeed, until: defaultUntil, sink });
}
