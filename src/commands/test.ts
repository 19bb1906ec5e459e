import type { Argv } from 'yargs';
import { runLeakageCheck } from './check-leakage.js';
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

type TestOptions = SelectionOptions & {
  readonly failFast: boolean;
  readonly leakage: boolean;
  readonly cuts: number;
};

/**
 * `chemflow test`: runs the data tests and the unit tests of the selected resources; with --leakage, checks instead that the features of the selected models
 * know nothing later than their moment.
 */
export const testCommand: Command<TestOptions & StoreOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    withStoreFailures(withFailFast(withSelection(parser))).options({
      leakage: {
        type: 'boolean',
        default: false,
        describe: 'Prove instead that features (meta: entity, observed_at, features, labels) know nothing later',
      },
      cuts: { type: 'number', default: 3, describe: '--leakage: at how many moments of each model time is cut' },
    }) as unknown as Argv<TestOptions & StoreOptions>,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'test', {
      failFast: options.failFast,
      storeFailures: options.storeFailures,
    });
    if (options.leakage) {
      const { cuts, failFast } = options;
      const models = select(prepared, options, context, ['model']);
      return runLeakageCheck(prepared, { ids: models, cuts, failFast }, context);
    }
    const ids = select(prepared, options, context, ['test', 'unit_test']);
    return runPipeline(prepared, { ids, failFast: options.failFast, writes: options.storeFailures }, context);
  },
};
