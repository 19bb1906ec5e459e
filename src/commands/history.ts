import type { Argv } from 'yargs';
import { formatCount, formatDuration, formatTable } from '../progress/index.js';
import type { RunHistory } from '../types/index.js';
import type { Command, GlobalOptions } from './command.js';
import { loadCommandProject } from './prepare.js';
import { openWarehouse } from './warehouse.js';

interface HistoryOptions extends GlobalOptions {
  readonly limit: number;
  readonly output: 'text' | 'json';
}

function row(run: RunHistory): readonly string[] {
  const nodes = Object.entries(run.nodes).map(([status, count]) => `${count} ${status}`);
  const tables =
    run.extractedTables === 0 ? [] : [`${run.extractedTables} tables (${formatCount(run.extractedRows)} rows)`];
  return [
    run.startedAt.toISOString().slice(0, 19).replace('T', ' '),
    run.endedAt === null ? '' : formatDuration(run.endedAt.getTime() - run.startedAt.getTime()),
    run.status,
    run.target,
    run.command,
    [...tables, ...nodes].join(', '),
  ];
}

/** `chemflow history`: the last runs on the analytics database, newest first. */
export const historyCommand: Command<HistoryOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    parser.options({
      limit: { alias: 'n', type: 'number', default: 10, describe: 'How many runs' },
      output: { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Form of the list' },
    }) as unknown as Argv<HistoryOptions>,
  run: async (options, context) => {
    const warehouse = await openWarehouse(await loadCommandProject(options, context), context);
    try {
      const runs = await warehouse.state.history(options.limit);
      if (options.output === 'json') context.terminal.out(JSON.stringify(runs, null, 2));
      else if (runs.length === 0) context.terminal.err('There has been no run yet.');
      else
        context.terminal.out(
          formatTable(['started (UTC)', 'took', 'status', 'target', 'command', 'what'], runs.map(row)),
        );
      return 0;
    } finally {
      await warehouse.close();
    }
  },
};
