import { ChemflowError } from '../error/index.js';
import type { DataTest } from '../types/index.js';

const accepted = ['ephemeral', 'table', 'view'];

/** As what a test's failing rows are kept, if at all: `store_failures_as` before `store_failures` before the command's flag, as in dbt. */
export function storesFailuresAs(test: DataTest, flag: boolean): 'table' | 'view' | undefined {
  const { store_failures_as: as, store_failures: stores } = test.config;
  if (typeof as === 'string') {
    if (!accepted.includes(as)) {
      throw new ChemflowError({
        code: 'CONFIG.STORE_FAILURES_AS',
        message: `'${as}' is not a valid value. Accepted values are: ['ephemeral', 'table', 'view']`,
        place: { file: test.original_file_path, line: test.line, column: 1 },
        exitCode: 1,
      });
    }
    return as === 'table' || as === 'view' ? as : undefined;
  }
  return (typeof stores === 'boolean' ? stores : flag) ? 'table' : undefined;
}
