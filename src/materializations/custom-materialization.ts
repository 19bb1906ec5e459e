import type { ExecutableNode, Macro, Manifest, Project, ResourceId } from '../types/index.js';
import { materializations } from './materializations.js';

/** The name of the materialization that builds a node. */
export function materializationName(node: ExecutableNode): string {
  const type = node.resource_type;
  return type === 'seed' || type === 'snapshot' ? type : node.config.materialized;
}

/** Few of a manifest's macros are materializations of a project's or package's own, and each node asks for them. */
const ownMaterializations = new WeakMap<Manifest['macros'], readonly Macro[]>();

function materializationMacros({ macros }: Manifest): readonly Macro[] {
  const found =
    ownMaterializations.get(macros) ??
    Object.values(macros).filter(
      ({ name, package_name }) => name.startsWith('materialization_') && !package_name.startsWith('dbt'),
    );
  ownMaterializations.set(macros, found);
  return found;
}

/** The macro of a project's or package's own materialization in Jinja that builds a node; undefined where chemflow's does. */
export function customMaterialization(
  manifest: Manifest,
  project: Project,
  node: ExecutableNode,
): ResourceId | undefined {
  const name = materializationName(node);
  const macros = materializationMacros(manifest);
  const isBuiltin = materializations[name] !== undefined;
  return ['postgres', 'default']
    .map((adapter) => `materialization_${name}_${adapter}`)
    .flatMap((macro) => {
      const found = macros.filter((one) => one.name === macro);
      // A package replaces one of chemflow's own only where the project itself says so.
      return found.filter((one) => !isBuiltin || one.package_name === project.root.name);
    })[0]?.unique_id;
}
