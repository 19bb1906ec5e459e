import { createNodeRenderer } from '../compile/index.js';
import type { NodeRenderer, ResourceId } from '../types/index.js';
import type { CommandContext } from './command.js';
import type { Prepared } from './prepare.js';
import { openWarehouse, type Warehouse } from './warehouse.js';

/** A renderer with the analytics database behind it, for commands that render and build nothing. */
export interface OpenedRenderer {
  readonly warehouse: Warehouse;
  readonly renderer: NodeRenderer;
  close(): Promise<void>;
}

/** Connects, and starts a renderer for the given resources. */
export async function openRenderer(
  prepared: Prepared,
  ids: readonly ResourceId[],
  context: CommandContext,
): Promise<OpenedRenderer> {
  const warehouse = await openWarehouse(prepared.project, context);
  const renderer = createNodeRenderer({
    project: warehouse.project,
    manifest: prepared.manifest,
    invocation: prepared.invocation,
    adapter: warehouse.adapter,
    cache: warehouse.cache,
    workers: warehouse.project.target.threads,
    sink: context.terminal.sink,
    selected: ids,
  });
  return {
    warehouse,
    renderer,
    close: async () => {
      await renderer.close();
      await warehouse.close();
    },
  };
}
