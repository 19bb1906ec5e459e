import type { Argv } from 'yargs';
import { ensureDatabase } from '../adapter/index.js';
import { ChemflowError } from '../error/index.js';
import {
  advanceSample,
  bySource,
  createSample,
  defaultSeed,
  defaultUntil,
  defaultUsers,
  replaceDatabase,
  sampleDatabases,
  type BySource,
} from '../sample/index.js';
import { startServer } from '../server/index.js';
import type { ConnectionSettings, EventSink, Project } from '../types/index.js';
import type { Command, CommandContext, ExitCode, GlobalOptions } from './command.js';
import { loadCommandProject } from './prepare.js';

const actions = ['create', 'advance'] as const;

/** What can be done with the sample sources. */
export type SampleAction = (typeof actions)[number];

/** The server of a sample: settings of a connection to any of its databases, and the names of the two sources'. */
export interface SampleServer {
  settings(database: string): ConnectionSettings;
  readonly databases: BySource<string>;
}

/** Options of {@link runSample}. */
export interface RunSampleOptions {
  readonly server: SampleServer;
  readonly users?: number | undefined;
  readonly seed?: number | undefined;
  /** The sample's clock, an ISO date or moment. */
  readonly until?: string | undefined;
  /** Drop a sample that is there? */
  readonly replace?: boolean | undefined;
  readonly days?: number | undefined;
  readonly sink?: EventSink | undefined;
}

/** Makes the two sample sources, or lets days go by in them. Errors are SAMPLE.*, CONFIG.INVALID_OPTION and those of the connection. */
export async function runSample(action: SampleAction, options: RunSampleOptions): Promise<ExitCode> {
  const { server, sink } = options;
  const places = bySource((connection) => server.settings(server.databases[connection]));
  if (action === 'advance') {
    await advanceSample({ ...places, days: options.days ?? 1, sink });
    return 0;
  }
  for (const place of Object.values(places)) {
    if (options.replace === true) await replaceDatabase(place, server.settings('postgres'));
    else await ensureDatabase(place);
  }
  await createSample({
    ...places,
    users: options.users ?? defaultUsers,
    seed: options.seed ?? defaultSeed,
    until: options.until ?? defaultUntil,
    sink,
  });
  return 0;
}

/** Settings of the server that a URL names; its database, if it has one, is not used. */
function serverOfUrl(text: string): SampleServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgresql:', 'postgres:'].includes(url.protocol) || url.hostname === '') {
    // The text may hold a password: it is not repeated.
    throw new ChemflowError({
      code: 'CONFIG.INVALID_OPTION',
      message: '--url is not the address of a PostgreSQL server.',
      hint: 'write it as postgresql://user:password@host:5432',
    });
  }
  const sslmode = url.searchParams.get('sslmode') as ConnectionSettings['sslmode'] | null;
  return {
    databases: sampleDatabases,
    settings: (database) => ({
      name: database,
      host: decodeURIComponent(url.hostname),
      port: url.port === '' ? 5432 : Number(url.port),
      user: decodeURIComponent(url.username === '' ? 'postgres' : url.username),
      password: url.password === '' ? undefined : decodeURIComponent(url.password),
      database,
      ...(sslmode === null ? {} : { sslmode }),
    }),
  };
}

async function embeddedServer(project: Project, sink: EventSink): Promise<SampleServer> {
  if (!project.target.embedded) {
    throw new ChemflowError({
      code: 'SAMPLE.NOT_EMBEDDED',
      message: 'This project uses databases of your own; a sample is made on the embedded server only.',
      hint: 'name a server that you mean with --url postgresql://user:password@host:5432, or unset the connections',
    });
  }
  const server = await startServer({ projectDir: project.root.root, sink });
  return {
    settings: (database) => server.settings(database),
    databases: bySource((connection) => project.sourceConnections[connection]?.database ?? sampleDatabases[connection]),
  };
}

interface SampleCommandOptions extends GlobalOptions {
  readonly action: SampleAction;
  readonly users: number;
  readonly seed: number;
  readonly until: string;
  readonly replace: boolean;
  readonly days: number;
  readonly url?: string | undefined;
}

/** `chemflow sample <action>` */
export const sampleCommand: Command<SampleCommandOptions> = {
  options: (parser) =>
    parser.positional('action', { choices: actions, demandOption: true, describe: 'What to do' }).options({
      users: { type: 'number', default: defaultUsers, describe: 'create: how many people' },
      seed: { type: 'number', default: defaultSeed, describe: 'create: the same seed gives the same sample' },
      until: { type: 'string', default: defaultUntil, describe: "create: the sample's clock" },
      replace: { type: 'boolean', default: false, describe: 'create: drop the sample that is there' },
      days: { type: 'number', default: 1, describe: 'advance: how many days go by' },
      url: { type: 'string', describe: 'Another server than the embedded one: postgresql://user:password@host:5432' },
    }) as unknown as Argv<SampleCommandOptions>,
  run: async (options, context: CommandContext) => {
    const { sink } = context.terminal;
    const server =
      options.url === undefined
        ? await embeddedServer(await loadCommandProject(options, context), sink)
        : serverOfUrl(options.url);
    return await runSample(options.action, { ...options, server, sink });
  },
};
