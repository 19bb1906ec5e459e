import { createAdapter } from '../adapter/index.js';
import { ChemflowError, didYouMean } from '../error/index.js';
import { extractSources, type ExtractMode } from '../extract/index.js';
import type { Adapter, ExtractResult, ResourceId, SourceTable } from '../types/index.js';
import type { CommandContext } from './command.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** The source tables among the ids that have a connection, so that chemflow copies them. */
export function copiedTables(prepared: Prepared, ids: readonly ResourceId[]): readonly SourceTable[] {
  return ids.flatMap((id) => {
    const table = prepared.manifest.sources[id];
    return table === undefined || table.connection === null ? [] : [table];
  });
}

/** Copies the chosen source tables into staging; a table that fails is a result, not an exception. */
export async function copySources(
  prepared: Prepared,
  ids: readonly ResourceId[],
  mode: ExtractMode,
  warehouse: Warehouse,
  context: CommandContext,
): Promise<readonly ExtractResult[]> {
  const tables = copiedTables(prepared, ids);
  if (tables.length === 0) return [];
  const { project } = prepared;
  const sources: Record<string, Adapter> = {};
  const stop = (): void => {
    for (const adapter of Object.values(sources)) void adapter.cancelAll();
  };
  warehouse.signal.addEventListener('abort', stop, { once: true });
  try {
    for (const table of tables) {
      const name = table.connection ?? '';
      if (sources[name] !== undefined) continue;
      const settings = project.sourceConnections[name];
      if (settings === undefined) {
        const names = Object.keys(project.sourceConnections);
        throw new ChemflowError({
          code: 'CONFIG.UNKNOWN_CONNECTION',
          message: `The source "${table.source_name}" is read through the connection "${name}", which chemflow.yml does not declare.`,
          hint: didYouMean(name, names) ?? `connections are ${names.join(', ')}`,
        });
      }
      sources[name] = createAdapter(settings, { poolSize: project.target.threads + 1, readOnly: true });
    }
    return await extractSources({
      project,
      manifest: prepared.manifest,
      tables,
      warehouse: warehouse.adapter,
      sources,
      state: warehouse.state,
      mode,
      invocation: prepared.invocation,
      threads: project.target.threads,
      sink: context.terminal.sink,
      signal: warehouse.signal,
    });
  } finally {
    warehouse.signal.removeEventListener('abort', stop);
    await Promise.all(Object.values(sources).map((adapter) => adapter.close()));
  }
}
