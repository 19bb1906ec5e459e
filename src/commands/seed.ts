import type { Command } from './command.js';
import { runPipeline } from './pipeline.js';
import { prepare, select } from './prepare.js';
import { withBuild, type BuildOptions } from './selection-options.js';

/** `chemflow seed`: loads the CSV seeds. */
export const seedCommand: Command<BuildOptions> = {
  options: withBuild,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'seed', {
      fullRefresh: options.fullRefresh,
      failFast: options.failFast,
    });
    const ids = select(prepared, options, context, ['seed']);
    return runPipeline(prepared, { ids, failFast: options.failFast, writes: true }, context);
  },
};
