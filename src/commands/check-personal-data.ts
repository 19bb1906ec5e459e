import type { ResourceId } from '../types/index.js';
import type { CommandContext } from './command.js';
import { createLazyCompiler } from './lazy-compiler.js';
import { watchPersonalData, type PersonalDataWatch } from './personal-data-watch.js';
import type { Prepared } from './prepare.js';
import type { Warehouse } from './warehouse.js';

/**
 * Checks what is going to be built before anything is: throws where personal data would get out. Resolves to the watch over the building itself, and over
 * tests and operations; undefined where nothing is watched.
 */
export async function checkPersonalData(
  prepared: Prepared,
  ids: readonly ResourceId[],
  warehouse: Warehouse,
  context: CommandContext,
): Promise<PersonalDataWatch | undefined> {
  if (ids.length === 0) return undefined;
  const built = ids.filter((id) =>
    ['model', 'seed', 'snapshot'].includes(prepared.manifest.nodes[id]?.resource_type ?? ''),
  );
  const watch = await watchPersonalData(prepared, () => createLazyCompiler(prepared, ids, warehouse, context));
  if (watch === undefined) return undefined;
  if (built.length > 0) await watch.check(built);
  return built.length > 0 ? watch : { ...watch, write: () => Promise.resolve() };
}
