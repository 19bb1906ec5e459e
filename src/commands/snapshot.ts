import type { Command } from './command.js';
import { runPipeline } from './pipeline.js';
import { prepare, select } from './prepare.js';
import { withBuild, type BuildOptions } from './selection-options.js';

/** `chemflow snapshot`: takes the snapshots. */
export const snapshotCommand: Command<BuildOptions> = {
  options: withBuild,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'snapshot', {
      fullRefresh: options.fullRefresh,
      failFast: options.failFast,
    });
    const ids = select(prepared, options, context, ['snapshot']);
    return runPipeline(prepared, { ids, failFast: options.failFast, writes: true }, context);
  },
};
