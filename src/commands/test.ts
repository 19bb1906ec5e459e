import type { Argv } from 'yargs';
import type { Command, GlobalOptions } from './command.js';
import { runPipeline } from './pipeline.js';
import { prepare, select } from './prepare.js';
import {
  withFailFast,
  withSelection,
  withStoreFailures,
  type SelectionOptions,
  type StoreOptions,
} from './selection-options.js';

type TestOptions = SelectionOptions & { readonly failFast: boolean };

/** `chemflow test`: runs the data tests and the unit tests of the selected resources. */
export const testCommand: Command<TestOptions & StoreOptions> = {
  options: (parser: Argv<GlobalOptions>) => withStoreFailures(withFailFast(withSelection(parser))),
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'test', {
      failFast: options.failFast,
      storeFailures: options.storeFailures,
    });
    const ids = select(prepared, options, context, ['test', 'unit_test']);
    return runPipeline(prepared, { ids, failFast: options.failFast, writes: options.storeFailures }, context);
  },
};
