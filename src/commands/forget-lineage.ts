import { ChemflowError } from '../error/index.js';
import { builtOfPeople, deriveRelations, type Forgetting } from '../forget/index.js';
import { openLineage, traceNodes } from '../lineage/index.js';
import type { ExecutableNode, ResourceId, Session } from '../types/index.js';
import type { CommandContext } from './command.js';
import { createLazyCompiler } from './lazy-compiler.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** What forgetting somebody takes: the plan of the table that was asked about, then those of all other tables of people. */
export type Plans = readonly [Forgetting, ...Forgetting[]];

/** The plans with what is built of people's rows, found by following the models' SQL from the columns that say whose a row is. */
export async function withDerived(
  [first, ...others]: Plans,
  prepared: Prepared,
  session: Session,
  warehouse: Warehouse,
  context: CommandContext,
): Promise<Plans> {
  const { project, manifest, graph } = prepared;
  const lineage = openLineage(project, manifest);
  const ids = [...builtOfPeople(manifest, graph)];
  const withAncestors = (some: readonly ResourceId[]): readonly ExecutableNode[] =>
    graph.order(some.flatMap((id) => [id, ...graph.ancestors(id)])).flatMap((id) => manifest.nodes[id] ?? []);
  const compiler = createLazyCompiler(prepared, ids, warehouse, context);
  try {
    const compile = async (id: ResourceId): Promise<string | undefined> => {
      try {
        return await compiler.compile(id);
      } catch (error) {
        // What cannot be rendered counts as what cannot be followed.
        if (error instanceof ChemflowError && error.code !== 'RUN.INTERRUPTED') return undefined;
        throw error;
      }
    };
    await traceNodes({ lineage, ids, withAncestors, compile });
  } finally {
    await compiler.close();
  }
  lineage.save();
  const derived = await deriveRelations({ manifest, graph, lineage, hashes: first.hashes, session });
  return [{ ...first, derived }, ...others.map((plan) => ({ ...plan, derived }))];
}
