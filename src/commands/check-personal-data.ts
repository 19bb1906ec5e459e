import { createRelationCache } from '../adapter/index.js';
import { createNodeRenderer } from '../compile/index.js';
import type { NodeRenderer, ResourceId } from '../types/index.js';
import type { CommandContext } from './command.js';
import { watchPersonalData, type PersonalDataWatch } from './personal-data-watch.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/** Checks what is going to be built before anything is: throws where personal data would get out. Resolves to the watch over the building itself. */
export async function checkPersonalData(
  prepared: Prepared,
  ids: readonly ResourceId[],
  warehouse: Warehouse,
  context: CommandContext,
): Promise<PersonalDataWatch | undefined> {
  const { project, manifest, invocation } = prepared;
  const built = ids.filter((id) => ['model', 'seed', 'snapshot'].includes(manifest.nodes[id]?.resource_type ?? ''));
  if (built.length === 0) return undefined;
  const watch = await watchPersonalData(prepared);
  if (watch === undefined) return undefined;
  let renderer: NodeRenderer | undefined;
  try {
    await watch.check(built, async (id) => {
      renderer ??= createNodeRenderer({
        project,
        manifest,
        invocation,
        adapter: warehouse.adapter,
        // What templates look up now is not there yet, or changes while sources are copied.
        cache: createRelationCache(warehouse.adapter),
        workers: project.target.threads,
        sink: context.terminal.sink,
        selected: ids,
      });
      return (await renderer.compile(id)).sql;
    });
  } finally {
    await renderer?.close();
  }
  return watch;
}
