import { resolve } from 'node:path';
import type { ExportRequest } from '../export/index.js';
import { exportDatasets, isExportable } from '../export/index.js';
import type { ResourceId, RunResult } from '../types/index.js';
import type { CommandContext } from './command.js';
import { select, type Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** What `exports:` of chemflow.yml asks for, an entry after the other. */
export function declaredRequests(prepared: Prepared, context: CommandContext): readonly ExportRequest[] {
  return prepared.project.root.exports.flatMap((entry) => requestsOfEntry(prepared, entry, context));
}

type Entry = Prepared['project']['root']['exports'][number];

function requestsOfEntry(prepared: Prepared, entry: Entry, context: CommandContext): readonly ExportRequest[] {
  const selection = {
    select: entry.select,
    exclude: entry.exclude,
    indirectSelection: 'empty',
    logFormat: 'text',
    quiet: false,
  } as const;
  const ids = select(prepared, selection, context, ['model', 'seed', 'snapshot']);
  return ids
    .filter((id) => isExportable(prepared.manifest.nodes[id]))
    .map((id) => ({
      id,
      format: entry.format,
      folder: resolve(prepared.project.root.root, entry.out),
      isSplit: entry.split,
    }));
}

/**
 * The end of a run or build: writes the exports of chemflow.yml, narrowed to what it was about. An entry of which something was not built, or failed one of
 * the build's tests, is left out and told; resolves false where an export failed, which is told too.
 */
export async function runDeclaredExports(
  prepared: Prepared,
  chosen: readonly ResourceId[],
  results: readonly RunResult[],
  warehouse: Warehouse,
  context: CommandContext,
): Promise<boolean> {
  const { terminal } = context;
  const built = new Set(results.filter((one) => one.status === 'success').map((one) => one.id));
  const nodes = prepared.manifest.nodes;
  const failed = new Set(
    results
      .filter((one) => nodes[one.id]?.resource_type === 'test' && ['fail', 'error'].includes(one.status))
      .flatMap((one) => nodes[one.id]?.depends_on.nodes ?? []),
  );
  const requests: ExportRequest[] = [];
  for (const entry of prepared.project.root.exports) {
    const wanted = requestsOfEntry(prepared, entry, context).filter((request) => chosen.includes(request.id));
    const names = (some: readonly ExportRequest[]): string => some.map(({ id }) => nodes[id]?.name ?? id).join(', ');
    const missing = wanted.filter(({ id }) => !built.has(id));
    const doubtful = wanted.filter(({ id }) => built.has(id) && failed.has(id));
    const reasons = [
      ...(missing.length === 0 ? [] : [`${names(missing)} was not built`]),
      ...(doubtful.length === 0 ? [] : [`a test of ${names(doubtful)} failed`]),
    ];
    if (reasons.length === 0) requests.push(...wanted);
    else
      terminal.sink({
        kind: 'message',
        level: 'warn',
        text: `${entry.select.join(' ')} is not exported to ${entry.out}: ${reasons.join(', and ')}.`,
      });
  }
  if (requests.length === 0) return true;
  try {
    await exportDatasets({
      manifest: prepared.manifest,
      adapter: warehouse.adapter,
      requests,
      batchRows: prepared.project.batchSize,
      sink: terminal.sink,
      signal: warehouse.signal,
    });
    return true;
  } catch (error) {
    if (warehouse.signal.aborted) throw error;
    terminal.err('');
    terminal.error(error);
    return false;
  }
}
