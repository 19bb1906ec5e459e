import { ChemflowError } from '../error/index.js';
import type { Manifest, Project, ResourceId } from '../types/index.js';
import type { Warehouse } from './warehouse.js';

/** What a run means to do about the salt. */
export interface SaltWish {
  /** `--full --rotate-salt` of the whole project. */
  readonly rotates: boolean;
  readonly ids: readonly ResourceId[];
}

/**
 * Lets a run build only with the salt that the target's hashes have. A rotation is noted before anything is built, so that one which breaks off can only be
 * begun again. Resolves to what is to be called once every model is built. Errors: SALT.CHANGED, SALT.ROTATING.
 */
export async function guardSalt(
  wish: SaltWish,
  project: Project,
  manifest: Manifest,
  warehouse: Warehouse,
): Promise<(isComplete: boolean) => Promise<void>> {
  const nothing = async (): Promise<void> => {};
  const builds = wish.ids.some((id) => ['model', 'seed', 'snapshot'].includes(manifest.nodes[id]?.resource_type ?? ''));
  if (project.root.kind !== 'chemflow' || !builds) return nothing;
  const { state } = warehouse;
  const { schema, name } = project.target;
  const salt = await state.salt(schema);
  const command = 'chemflow run --full --rotate-salt';
  if (salt === 'unset') return nothing;
  if (!wish.rotates && salt === 'other')
    throw new ChemflowError({
      code: 'SALT.CHANGED',
      message: `The keyed hashes of target ${name} were built with another salt than the one that is set now.`,
      hint: `set CHEMFLOW_HASH_SALT as it was, or build every hash anew with this one: ${command}`,
    });
  if (!wish.rotates && salt === 'rotating')
    throw new ChemflowError({
      code: 'SALT.ROTATING',
      message: `The rotation of the salt of target ${name} did not end: some hashes have the old salt.`,
      hint: command,
    });
  if (salt === 'new' || wish.rotates) await state.noteSalt(schema, wish.rotates);
  return wish.rotates ? async (isComplete) => (isComplete ? state.noteSalt(schema, false) : undefined) : nothing;
}
