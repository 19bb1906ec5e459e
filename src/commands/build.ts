import type { Argv } from 'yargs';
import type { Command, GlobalOptions } from './command.js';
import { copyMode } from './copy-mode.js';
import { runPipeline } from './pipeline.js';
import { prepare, select } from './prepare.js';
import {
  withBuild,
  withCopy,
  withStoreFailures,
  type BuildOptions,
  type CopyOptions,
  type StoreOptions,
} from './selection-options.js';

/** `chemflow build`: like run, with each test as soon as what it tests is built, and unit tests before their model; a failing test stops what follows from it. */
export const buildCommand: Command<BuildOptions & CopyOptions & StoreOptions> = {
  options: (parser: Argv<GlobalOptions>) => withStoreFailures(withCopy(withBuild(parser))),
  run: async (options, context) => {
    const mode = copyMode(options);
    const prepared = await prepare(options, context, 'build', {
      fullRefresh: options.fullRefresh,
      failFast: options.failFast,
      storeFailures: options.storeFailures,
    });
    const isWhole = prepared.project.root.kind === 'chemflow';
    const ids = select(prepared, options, context, [
      ...(isWhole ? (['source'] as const) : []),
      'seed',
      'snapshot',
      'model',
      'test',
      'unit_test',
    ]);
    return runPipeline(
      prepared,
      { ids, copy: isWhole ? mode : undefined, failFast: options.failFast, exports: true, writes: true },
      context,
    );
  },
};
