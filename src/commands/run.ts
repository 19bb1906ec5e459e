import type { Argv } from 'yargs';
import type { Command, GlobalOptions } from './command.js';
import { copyMode } from './copy-mode.js';
import { runPipeline } from './pipeline.js';
import { prepare, select } from './prepare.js';
import { withBuild, withCopy, type BuildOptions, type CopyOptions } from './selection-options.js';

/**
 * `chemflow run`: makes the warehouse current. In a chemflow.yml project it copies the sources, loads the seeds, takes the snapshots and builds the models;
 * in a dbt_project.yml project it builds the models only, as dbt does.
 */
export const runCommand: Command<BuildOptions & CopyOptions> = {
  options: (parser: Argv<GlobalOptions>) => withCopy(withBuild(parser)),
  run: async (options, context) => {
    const mode = copyMode(options);
    const prepared = await prepare(options, context, 'run', {
      fullRefresh: options.fullRefresh,
      failFast: options.failFast,
    });
    const isWhole = prepared.project.root.kind === 'chemflow';
    const ids = select(prepared, options, context, isWhole ? ['source', 'seed', 'snapshot', 'model'] : ['model']);
    return runPipeline(
      prepared,
      { ids, copy: isWhole ? mode : undefined, failFast: options.failFast, writes: true },
      context,
    );
  },
};
