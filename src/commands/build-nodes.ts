import { writeCompiled, writeRun } from '../artifact/index.js';
import { createNodeRenderer } from '../compile/index.js';
import { executeNodes } from '../run/index.js';
import type { ExtractResult, NodeRenderer, ResourceId, RunResult } from '../types/index.js';
import { createLater } from '../util/later.js';
import type { CommandContext } from './command.js';
import type { PersonalDataWatch } from './personal-data-watch.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** The renderer of the nodes that a command builds; it takes over the worker that was started for it. */
export function buildRenderer(
  { project, manifest, invocation, worker }: Prepared,
  ids: readonly ResourceId[],
  warehouse: Warehouse,
  context: CommandContext,
): NodeRenderer {
  return createNodeRenderer({
    project,
    manifest,
    invocation,
    adapter: warehouse.adapter,
    cache: warehouse.cache,
    workers: project.target.threads,
    started: worker,
    sink: context.terminal.sink,
    selected: ids,
  });
}

/** Builds and tests nodes in dependency order; what stands on a table that was not copied is skipped. A renderer that was opened before is its opener's to close. */
export async function buildNodes(
  prepared: Prepared,
  ids: readonly ResourceId[],
  copies: readonly ExtractResult[],
  failFast: boolean,
  warehouse: Warehouse,
  context: CommandContext,
  watch?: PersonalDataWatch,
  openedRenderer?: NodeRenderer,
): Promise<readonly RunResult[]> {
  if (ids.length === 0) return [];
  const { project, manifest, graph, invocation } = prepared;
  const unavailable = new Map(
    copies
      .filter((copy) => copy.status !== 'success')
      .map((copy) => [copy.id, copy.message ?? 'it was not copied'] as const),
  );
  const { sink } = context.terminal;
  const renderer = openedRenderer ?? buildRenderer(prepared, ids, warehouse, context);
  // A file is written while the server works, not between two statements.
  const later = createLater();
  try {
    const results = await executeNodes({
      project,
      manifest,
      graph,
      ids,
      adapter: warehouse.adapter,
      cache: warehouse.cache,
      renderer,
      state: warehouse.state,
      invocation,
      threads: project.target.threads,
      failFast,
      sink,
      signal: warehouse.signal,
      unavailable,
      beforeBuild: watch?.beforeBuild,
      beforeStatements: watch?.beforeStatements,
      whyNotStored: watch?.whyNotStored,
      onCompiled: (node, sql) => {
        later.add(() => writeCompiled(project, node, sql));
      },
      onExecuted: (node, sql) => {
        later.add(() => writeRun(project, node, sql));
      },
    });
    later.flush();
    return results;
  } finally {
    if (openedRenderer === undefined) await renderer.close();
  }
}
