import { createAdapter, describeConnection, userRightsQuery, type UserRightsRow } from '../adapter/index.js';
import { ChemflowError, formatError } from '../error/index.js';
import { openConnections } from '../project/index.js';
import type { ConnectionSettings, Project } from '../types/index.js';
import type { Command, CommandContext, ExitCode } from './command.js';
import { loadCommandProject } from './prepare.js';

/** How far apart a server's clock and this machine's may be before it is worth a word, in seconds. */
const noticeableClockDifference = 5;

/** `chemflow debug`: the configuration in use, and for each connection its version, its rights and its clock; prints no secret. */
export const debugCommand: Command = {
  options: (parser) => parser,
  run: async (options, context) => {
    const { terminal } = context;
    const loaded = await loadCommandProject(options, context);
    terminal.out(`project     ${loaded.root.name} (${loaded.root.file}), ${loaded.packages.length} packages`);
    terminal.out(`target      ${loaded.target.name}, schema ${loaded.target.schema}, ${loaded.target.threads} threads`);
    terminal.out(`node        ${process.version}`);
    // Of real connections each is checked, whatever is wrong with another.
    let failure: unknown;
    const project: Project = await openConnections(loaded, terminal.sink).catch((error: unknown) => {
      if (loaded.target.embedded) throw error;
      failure = error;
      return loaded;
    });
    const { connection, embedded } = project.target;
    const checks: ExitCode[] = [
      failure === undefined
        ? await check('warehouse', connection, true, context, embedded)
        : failed('warehouse', connection, failure, context),
    ];
    for (const [name, settings] of Object.entries(project.sourceConnections))
      checks.push(await check(name, settings, false, context, embedded));
    const failures = checks.filter((code) => code !== 0).length;
    terminal.out(failures === 0 ? 'all connections are well' : `${failures} of ${checks.length} connections failed`);
    return failures === 0 ? 0 : 1;
  },
};

async function check(
  label: string,
  settings: ConnectionSettings,
  isWarehouse: boolean,
  context: CommandContext,
  isEmbedded: boolean,
): Promise<ExitCode> {
  const { terminal } = context;
  const warn = (text: string): void => {
    terminal.sink({ kind: 'message', level: 'warn', text: `${label}: ${text}` });
  };
  const address = describeConnection(settings);
  const adapter = createAdapter(settings, { poolSize: 1, readOnly: !isWarehouse });
  try {
    const before = Date.now();
    const rights = await adapter.withSession(
      async (session) => (await session.rows<UserRightsRow>(userRightsQuery))[0],
    );
    const after = Date.now();
    if (rights === undefined)
      throw new ChemflowError({ code: 'CONNECT.NO_ROLE', message: `The role of ${address} is not in pg_roles.` });
    const difference = (new Date(rights.clock).getTime() - (before + after) / 2) / 1000;
    terminal.out(
      `${label.padEnd(11)} ok  PostgreSQL ${rights.version} at ${address}, ${rights.tables} tables, clock ${difference >= 0 ? '+' : ''}${difference.toFixed(1)}s`,
    );
    if (Math.abs(difference) >= noticeableClockDifference)
      warn(`its clock differs from this machine's by ${difference.toFixed(1)} seconds.`);
    // The embedded server has one user; its sources are samples.
    if (!isWarehouse && !isEmbedded && (rights.writable_tables > 0 || rights.is_superuser))
      warn(
        `the user can write to ${rights.writable_tables} of its ${rights.tables} tables. chemflow never does; give it a user that may only read.`,
      );
    if (isWarehouse && !rights.may_create_schema)
      warn('the user may not create schemas in this database: GRANT CREATE ON DATABASE is missing.');
    return 0;
  } catch (error) {
    return failed(label, settings, error, context);
  } finally {
    await adapter.close();
  }
}

function failed(label: string, settings: ConnectionSettings, error: unknown, { terminal }: CommandContext): ExitCode {
  terminal.out(`${label.padEnd(11)} FAILED  ${describeConnection(settings)}`);
  terminal.err(formatError(error));
  return 1;
}
