import type { Argv } from 'yargs';
import { createAdapter } from '../adapter/index.js';
import { writeSources, type FreshnessResult } from '../artifact/index.js';
import { checkFreshness } from '../data-tests/index.js';
import { formatError } from '../error/index.js';
import { formatDuration } from '../progress/index.js';
import type { ResourceId, SourceTable } from '../types/index.js';
import { quoteLiteral } from '../util/sql-text.js';
import type { Command, CommandContext, GlobalOptions } from './command.js';
import { prepare, select } from './prepare.js';
import { withSelection, type SelectionOptions } from './selection-options.js';
import { openWarehouse, type Warehouse } from './warehouse.js';

/** Asks each source that chemflow copies for its own clock, so that a sample with a clock of its own is not called stale. Undefined: the server's. */
function createClocks(warehouse: Warehouse): (table: SourceTable) => Promise<string | undefined> {
  const clocks = new Map<string, Promise<string>>();
  const read = async (connection: string, query: string): Promise<string> => {
    const settings = warehouse.project.sourceConnections[connection];
    if (settings === undefined) return 'current_timestamp';
    const adapter = createAdapter(settings, { poolSize: 1, readOnly: true });
    try {
      const { rows } = await adapter.withSession((session) => session.query(query));
      const clock = rows[0]?.[0];
      return clock === null || clock === undefined ? 'current_timestamp' : quoteLiteral(clock);
    } finally {
      await adapter.close();
    }
  };
  return async (table) => {
    const { connection, clock_query: query } = table;
    if (connection === null || query === null) return undefined;
    const known = clocks.get(connection) ?? read(connection, query);
    clocks.set(connection, known);
    return known;
  };
}

function report(table: SourceTable, result: FreshnessResult, context: CommandContext): void {
  const words = { pass: 'PASS', warn: 'WARN', error: 'ERROR STALE', 'runtime error': 'ERROR' } as const;
  const age = result.ageSeconds === null ? '' : `, newest row ${formatDuration(result.ageSeconds * 1000)} old`;
  context.terminal.err(`freshness of ${table.source_name}.${table.name}: ${words[result.status]}${age}`);
  if (result.message !== null) context.terminal.err(result.message);
}

/** `chemflow source freshness`: compares the newest row of each source table that has a freshness rule with its source's clock; writes target/sources.json. */
export const sourceCommand: Command<SelectionOptions & { readonly action: string }> = {
  options: (parser: Argv<GlobalOptions>) =>
    withSelection(parser).positional('action', {
      choices: ['freshness', 'snapshot-freshness'],
      demandOption: true,
      describe: 'freshness',
    }) as unknown as Argv<SelectionOptions & { readonly action: string }>,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'source freshness');
    const tables = select(prepared, options, context, ['source']).flatMap((id) => {
      const table = prepared.manifest.sources[id];
      return table === undefined || table.freshness === null ? [] : [table];
    });
    const warehouse = await openWarehouse(prepared.project, context);
    const results: FreshnessResult[] = [];
    const checked: Record<ResourceId, SourceTable> = {};
    try {
      const clockOf = createClocks(warehouse);
      for (const table of tables) {
        const startedAt = new Date();
        const result = await warehouse.adapter
          .withSession(async (session) => checkFreshness(session, table, await clockOf(table)))
          .then((outcome): FreshnessResult | undefined =>
            outcome === undefined
              ? undefined
              : {
                  id: table.unique_id,
                  status: outcome.status,
                  maxLoadedAt: outcome.maxLoadedAt === null ? null : new Date(outcome.maxLoadedAt),
                  snapshottedAt: new Date(outcome.snapshottedAt),
                  ageSeconds: outcome.ageSeconds,
                  message: null,
                  startedAt,
                  endedAt: new Date(),
                },
          )
          .catch((error: unknown): FreshnessResult => ({
            id: table.unique_id,
            status: 'runtime error',
            maxLoadedAt: null,
            snapshottedAt: null,
            ageSeconds: null,
            message: formatError(error),
            startedAt,
            endedAt: new Date(),
          }));
        if (result === undefined) continue;
        results.push(result);
        checked[table.unique_id] = table;
        report(table, result, context);
      }
      writeSources({
        project: warehouse.project,
        invocation: prepared.invocation,
        tables: checked,
        results,
        elapsedSeconds: (Date.now() - prepared.invocation.startedAt.getTime()) / 1000,
      });
      if (results.length === 0)
        context.terminal.err('No selected source table has a freshness rule and a loaded_at_field.');
      return results.some((result) => result.status === 'error' || result.status === 'runtime error') ? 1 : 0;
    } finally {
      await warehouse.close();
    }
  },
};
