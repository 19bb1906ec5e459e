import type { Argv } from 'yargs';
import { ChemflowError } from '../error/index.js';
import type { Command, CommandContext, GlobalOptions } from './command.js';
import { copyMode } from './copy-mode.js';
import { runPipeline } from './pipeline.js';
import { prepare, select, type Prepared } from './prepare.js';
import { withBuild, withCopy, type BuildOptions, type CopyOptions } from './selection-options.js';

interface RunOptions extends BuildOptions, CopyOptions {
  readonly discardHistory: boolean;
  readonly rotateSalt: boolean;
}

/**
 * `chemflow run`: makes the warehouse current. In a chemflow.yml project it copies the sources, loads the seeds, takes the snapshots and builds the models;
 * in a dbt_project.yml project it builds the models only, as dbt does.
 */
export const runCommand: Command<RunOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    withCopy(withBuild(parser)).options({
      'discard-history': {
        type: 'boolean',
        default: false,
        describe:
          'With --full, of everything: forget what only the warehouse remembers (snapshots, rows gone at the source)',
      },
      'rotate-salt': {
        type: 'boolean',
        default: false,
        describe: 'With --full, of everything: build every keyed hash with the salt that is set now',
      },
    }) as unknown as Argv<RunOptions>,
  run: async (options, context) => {
    if (options.discardHistory) checkWhole(options, '--discard-history');
    if (options.rotateSalt) checkWhole(options, '--rotate-salt');
    const mode = { ...copyMode(options), discardHistory: options.discardHistory };
    const prepared = await prepare(options, context, 'run', {
      fullRefresh: options.fullRefresh,
      failFast: options.failFast,
      discardHistory: options.discardHistory,
    });
    const isWhole = prepared.project.root.kind === 'chemflow';
    const ids = select(prepared, options, context, isWhole ? ['source', 'seed', 'snapshot', 'model'] : ['model']);
    if (isWhole && options.select.length === 0) tellWhatIsMissing(prepared, context);
    return runPipeline(
      prepared,
      {
        ids,
        copy: isWhole ? mode : undefined,
        failFast: options.failFast,
        exports: true,
        writes: true,
        rotatesSalt: options.rotateSalt,
      },
      context,
    );
  },
};

/** History goes as a whole, and so does a salt: a part of the tables without it would contradict the others. Throws CLI.USAGE. */
function checkWhole(options: RunOptions, option: string): void {
  const isPartial = options.select.length > 0 || options.exclude.length > 0 || options.selector !== undefined;
  if (options.fullRefresh && !isPartial && options.limitRows === undefined) return;
  throw new ChemflowError({
    code: 'CLI.USAGE',
    message: `${option} goes with --full, and with everything: no --select, --exclude, --selector or --limit-rows.`,
    hint: `chemflow run --full ${option}`,
  });
}

/** A new project has nothing to copy or to build yet: says what to write. One that has models and a warehouse of its own is no new one. */
function tellWhatIsMissing({ manifest, project }: Prepared, context: CommandContext): void {
  const hasModels = Object.values(manifest.nodes).some((node) => node.resource_type === 'model');
  const isNew = project.target.embedded || !hasModels;
  if (isNew && !Object.values(manifest.sources).some((table) => table.connection !== null))
    context.terminal.err(
      'There are no sources to copy. Declare a database under connections: in chemflow.yml, and its tables in sources.yml:\n' +
        '  sources: [{ name: shop, connection: shop, schema: staging, tables: [{ name: orders }] }]',
    );
  if (!hasModels)
    context.terminal.err(
      `There are no models. Write a SELECT into ${project.root.modelPaths[0] ?? 'models'}/<name>.sql.`,
    );
}
