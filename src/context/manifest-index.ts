import { createHash } from 'node:crypto';
import { ChemflowError, didYouMean } from '../error/index.js';
import { fromJson, PyDict, type PyValue } from '../jinja/index.js';
import type { ExecutableNode, Manifest, RefCall, SourceTable } from '../types/index.js';

/** A manifest without the texts of files, which templates never read. */
export type TemplateManifest = Omit<Manifest, 'files' | 'docs'>;

/** Finds what ref() and source() mean, by dbt's order: the root project, the template's package, then any. */
export interface ManifestIndex {
  readonly manifest: TemplateManifest;
  /** TEMPLATE.UNKNOWN_REF for a name that nothing has. */
  findRef(ref: RefCall, fromPackage: string): ExecutableNode;
  /** TEMPLATE.UNKNOWN_SOURCE for a pair that nothing has. */
  findSource(pair: readonly [string, string], fromPackage: string): SourceTable;
  /** `graph` of templates: nodes, sources, exposures and the rest as dicts; made once. */
  graph(): PyValue;
  /** One hash of all definitions that relations are made by: SQL and configuration of every model and snapshot, and every macro; made once. */
  definitionsChecksum(): string;
}

const refableTypes = ['model', 'seed', 'snapshot'];

/** Puts a value into the list that a map keeps under a key. */
function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function versionOf(node: ExecutableNode): string | null {
  return 'version' in node && node.version !== undefined && node.version !== null ? String(node.version) : null;
}

/** Has the node the version that is asked for? Without one, the latest. */
function hasVersion(node: ExecutableNode, version: RefCall['version']): boolean {
  const own = versionOf(node);
  if (version !== null) return own === String(version);
  const latest = 'latest_version' in node ? node.latest_version : null;
  return own === null || latest === undefined || latest === null || own === String(latest);
}

function describe(ref: RefCall): string {
  const name = ref.package === null ? `'${ref.name}'` : `'${ref.package}', '${ref.name}'`;
  return ref.version === null ? `ref(${name})` : `ref(${name}, version=${ref.version})`;
}

/** Makes the index of a manifest. */
export function createManifestIndex(manifest: TemplateManifest, rootPackage: string): ManifestIndex {
  const refables = new Map<string, ExecutableNode[]>();
  const sources = new Map<string, SourceTable[]>();
  for (const node of Object.values(manifest.nodes))
    if (refableTypes.includes(node.resource_type)) append(refables, node.name, node);
  for (const table of Object.values(manifest.sources)) append(sources, `${table.source_name}.${table.name}`, table);

  const choose = <One extends { readonly package_name: string }>(
    candidates: readonly One[],
    packages: readonly string[],
  ): One | undefined => {
    for (const name of packages) {
      const found = candidates.find((candidate) => candidate.package_name === name);
      if (found !== undefined) return found;
    }
    return candidates[0];
  };

  let graph: PyValue | undefined;
  let checksum: string | undefined;
  return {
    manifest,
    findRef: (ref, fromPackage) => {
      const candidates = (refables.get(ref.name) ?? []).filter((node) => hasVersion(node, ref.version));
      const found =
        ref.package === null
          ? choose(candidates, [rootPackage, fromPackage])
          : candidates.find((node) => node.package_name === ref.package);
      if (found !== undefined) return found;
      const isDisabled = manifest.disabled.some((one) => one.name === ref.name);
      throw new ChemflowError({
        code: 'TEMPLATE.UNKNOWN_REF',
        message: `${describe(ref)} names no model, seed or snapshot${isDisabled ? ' that is enabled' : ''}.`,
        hint: didYouMean(ref.name, refables.keys()),
      });
    },
    findSource: (pair, fromPackage) => {
      const found = choose(sources.get(pair.join('.')) ?? [], [rootPackage, fromPackage]);
      if (found !== undefined) return found;
      throw new ChemflowError({
        code: 'TEMPLATE.UNKNOWN_SOURCE',
        message: `source('${pair.join("', '")}') names no table of a source.`,
        hint: didYouMean(pair.join('.'), sources.keys()),
      });
    },
    graph: () => {
      graph ??= new PyDict(
        Object.entries({
          nodes: manifest.nodes,
          sources: manifest.sources,
          exposures: manifest.exposures,
          unit_tests: manifest.unitTests,
          metrics: {},
          groups: {},
          semantic_models: {},
          saved_queries: {},
          functions: {},
        }).map(([key, value]) => [key, fromJson(value)] as const),
      );
      return graph;
    },
    definitionsChecksum: () => {
      checksum ??= checksumOfDefinitions(manifest);
      return checksum;
    },
  };
}

function checksumOfDefinitions(manifest: TemplateManifest): string {
  const texts = [
    ...Object.values(manifest.nodes)
      .filter(({ resource_type: type }) => type === 'model' || type === 'snapshot')
      .map((node) => [node.unique_id, node.raw_code, node.config]),
    ...Object.values(manifest.macros).map((macro) => [macro.unique_id, macro.macro_sql]),
  ].map((text) => JSON.stringify(text));
  return createHash('sha256').update(texts.sort().join('\n')).digest('hex');
}
