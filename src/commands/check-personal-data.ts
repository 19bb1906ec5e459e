import type { ResourceId } from '../types/index.js';
import type { CommandContext } from './command.js';
import { createLazyCompiler } from './lazy-compiler.js';
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
  const { manifest } = prepared;
  const built = ids.filter((id) => ['model', 'seed', 'snapshot'].includes(manifest.nodes[id]?.resource_type ?? ''));
  if (built.length === 0) return undefined;
  const watch = await watchPersonalData(prepared);
  if (watch === undefined) return undefined;
  const compiler = createLazyCompiler(prepared, ids, warehouse, context);
  try {
    await watch.check(built, compiler.compile);
  } finally {
    await compiler.close();
  }
  return watch;
}
