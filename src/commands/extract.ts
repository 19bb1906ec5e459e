import type { Argv } from 'yargs';
import { ChemflowError } from '../error/index.js';
import type { Command, GlobalOptions } from './command.js';
import { copiedTables } from './copy-sources.js';
import { copyMode } from './copy-mode.js';
import { runPipeline } from './pipeline.js';
import { prepare, select } from './prepare.js';
import { withBuild, withCopy, type BuildOptions, type CopyOptions } from './selection-options.js';

/** `chemflow extract`: copies the selected source tables (all of them by default) into staging, and builds nothing. */
export const extractCommand: Command<BuildOptions & CopyOptions> = {
  options: (parser: Argv<GlobalOptions>) => withCopy(withBuild(parser)),
  run: async (options, context) => {
    const mode = copyMode(options);
    const prepared = await prepare(options, context, 'extract', { fullRefresh: options.fullRefresh });
    const ids = select(prepared, options, context, ['source']);
    if (copiedTables(prepared, ids).length === 0 && options.select.length === 0)
      throw new ChemflowError({
        code: 'EXTRACT.NO_SOURCES',
        message: 'No source of this project has a connection, so there is nothing to copy.',
        hint: 'name one in sources.yml (connection: ...) and declare it under connections: in chemflow.yml',
      });
    return runPipeline(prepared, { ids, copy: mode, failFast: options.failFast, writes: true }, context);
  },
};
