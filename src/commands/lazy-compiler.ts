import { createRelationCache } from '../adapter/index.js';
import { createNodeRenderer } from '../compile/index.js';
import type { NodeRenderer, ResourceId } from '../types/index.js';
import type { CommandContext } from './command.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** Compiles nodes for the lineage, with workers that are started when the first is asked for. */
export interface LazyCompiler {
  readonly compile: (id: ResourceId) => Promise<string>;
  close(): Promise<void>;
}

export function createLazyCompiler(
  { project, manifest, invocation }: Prepared,
  selected: readonly ResourceId[],
  warehouse: Warehouse,
  context: CommandContext,
): LazyCompiler {
  let renderer: NodeRenderer | undefined;
  return {
    compile: async (id) => {
      renderer ??= createNodeRenderer({
        project,
        manifest,
        invocation,
        adapter: warehouse.adapter,
        // What templates look up now is not there yet, or changes while sources are copied.
        cache: createRelationCache(warehouse.adapter),
        workers: project.target.threads,
        sink: context.terminal.sink,
        selected,
      });
      return (await renderer.compile(id)).sql;
    },
    close: async () => {
      await renderer?.close();
      renderer = undefined;
    },
  };
}
