import { ChemflowError, didYouMean } from '../error/index.js';
import type { ExecutableNode, Exposure, RefCall, ResourceId, SourceTable } from '../types/index.js';
import { escapePattern } from '../util/pattern.js';
import type { ParseContext } from './parse-context.js';
import { resolveUnitTests } from './resolve-unit-tests.js';

type Refable = Extract<ExecutableNode, { readonly resource_type: 'model' | 'seed' | 'snapshot' }>;

function isRefable(node: { readonly resource_type: string }): node is Refable {
  return node.resource_type === 'model' || node.resource_type === 'seed' || node.resource_type === 'snapshot';
}

function group<Value>(values: Iterable<Value>, key: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const list = groups.get(key(value));
    if (list === undefined) groups.set(key(value), [value]);
    else list.push(value);
  }
  return groups;
}

/** The version of a model, `.v2` or `_v2` left out of account: a reference without a version means the latest. */
function hasVersion(node: Refable, version: RefCall['version']): boolean {
  if (node.resource_type !== 'model' || node.version === undefined || node.version === null) return true;
  return String(node.version) === String(version ?? node.latest_version);
}

function choose<Value extends { readonly package_name: string }>(
  candidates: readonly Value[],
  packages: readonly string[],
): Value | undefined {
  for (const name of packages) {
    const found = candidates.find((candidate) => candidate.package_name === name);
    if (found !== undefined) return found;
  }
  return candidates[0];
}

/** Resolves every reference into `depends_on`; what names nothing is reported with its place and the nearest name. Tests of disabled resources are disabled with them. */
export function resolveReferences(context: ParseContext): void {
  const root = context.project.root.name;
  const refables = group([...context.nodes.values()].filter(isRefable), (node) => node.name);
  const sources = group(context.sources.values(), (table) => `${table.source_name}.${table.name}`);
  const disabledNames = new Set(
    context.disabled.map((one) => (one.resource_type === 'source' ? `${one.source_name}.${one.name}` : one.name)),
  );

  const findRef = (call: RefCall, fromPackage: string): Refable | undefined => {
    const candidates = (refables.get(call.name) ?? []).filter((node) => hasVersion(node, call.version));
    if (call.package !== null) return candidates.find((node) => node.package_name === call.package);
    return choose(candidates, [root, fromPackage]);
  };
  const findSource = ([source, table]: readonly [string, string], fromPackage: string): SourceTable | undefined =>
    choose(sources.get(`${source}.${table}`) ?? [], [root, fromPackage]);

  const fromPlace = (id: ResourceId, pattern: RegExp) => context.origins.get(id)?.find(pattern);

  const unknownRef = (owner: ExecutableNode | Exposure, call: RefCall): ChemflowError => {
    const isDisabled = disabledNames.has(call.name);
    const full = call.package === null ? call.name : `${call.package}.${call.name}`;
    const isPackage = call.package === null || context.packages.has(call.package);
    return new ChemflowError({
      code: 'PARSE.UNKNOWN_REF',
      message: `${describeOwner(owner)} refers to "${full}"${call.version === null ? '' : ` version ${call.version}`}, which is ${isDisabled ? 'disabled' : 'no model, seed or snapshot'}.`,
      hint: isDisabled
        ? 'enable it, or take the reference away'
        : isPackage
          ? (didYouMean(call.name, refables.keys()) ?? sourceHint(call.name))
          : `there is no package "${call.package}"`,
      place: fromPlace(owner.unique_id, new RegExp(`ref\\s*\\([^)]*['"]${escapePattern(call.name)}['"]`)),
    });
  };
  const sourceHint = (name: string): string | undefined => {
    const table = [...context.sources.values()].find((one) => one.name === name || one.identifier === name);
    return table === undefined ? undefined : `is source('${table.source_name}', '${table.name}') meant?`;
  };

  const unknownSource = (
    owner: ExecutableNode | Exposure,
    [source, table]: readonly [string, string],
  ): ChemflowError => {
    const isDisabled = disabledNames.has(`${source}.${table}`);
    const tables = [...context.sources.values()].filter((one) => one.source_name === source).map((one) => one.name);
    const names = [...new Set([...context.sources.values()].map((one) => one.source_name))];
    const guess = tables.length > 0 ? didYouMean(table, tables) : didYouMean(source, names);
    return new ChemflowError({
      code: 'PARSE.UNKNOWN_SOURCE',
      message: isDisabled
        ? `${describeOwner(owner)} reads source('${source}', '${table}'), which is disabled.`
        : tables.length > 0
          ? `${describeOwner(owner)} reads the table "${table}" of source "${source}", which has no such table.`
          : `${describeOwner(owner)} reads the source "${source}", which is not declared.`,
      hint:
        guess ??
        (tables.length > 0 ? `add it under tables: of the source` : 'declare it under sources: in a YAML file'),
      place: fromPlace(
        owner.unique_id,
        new RegExp(`source\\s*\\(\\s*['"]${escapePattern(source)}['"]\\s*,\\s*['"]${escapePattern(table)}['"]`),
      ),
    });
  };

  const resolve = (owner: ExecutableNode | Exposure): readonly ResourceId[] | 'disabled' => {
    const found = new Set<ResourceId>();
    let isDisabled = false;
    const miss = (name: string, error: () => ChemflowError): void => {
      // A test of something disabled has nothing to test; in a dbt project a test of nothing is a warning.
      if (owner.resource_type === 'test' && disabledNames.has(name)) isDisabled = true;
      else if (owner.resource_type === 'test' && context.project.root.kind === 'dbt') {
        context.warn(error());
        isDisabled = true;
      } else context.report(error());
    };
    for (const call of owner.refs) {
      const node = findRef(call, owner.package_name);
      if (node === undefined) miss(call.name, () => unknownRef(owner, call));
      else found.add(node.unique_id);
    }
    for (const pair of owner.sources) {
      const table = findSource(pair, owner.package_name);
      if (table === undefined) miss(pair.join('.'), () => unknownSource(owner, pair));
      else found.add(table.unique_id);
    }
    return isDisabled ? 'disabled' : [...found];
  };

  for (const [id, node] of context.nodes) {
    const parents = resolve(node);
    if (parents === 'disabled') {
      context.nodes.delete(id);
      context.disabled.push(node);
      continue;
    }
    if (node.resource_type === 'seed' && parents.length > 0)
      context.report(
        new ChemflowError({
          code: 'PARSE.SEED_REFERENCE',
          message: `Seeds cannot depend on other nodes: a hook of "${node.name}" refers to ${parents.join(', ')}.`,
          place: context.origins.get(id)?.place(),
        }),
      );
    // A test hangs on what its model argument names, as found and not as written.
    const attached =
      node.resource_type === 'test' && typeof node.attached_node === 'string'
        ? attachedNode(node.attached_node, parents)
        : undefined;
    context.nodes.set(id, {
      ...node,
      ...(attached === undefined ? {} : { attached_node: attached }),
      depends_on: { nodes: parents, macros: node.depends_on.macros },
    } as ExecutableNode);
  }
  for (const [id, exposure] of context.exposures) {
    const parents = resolve(exposure);
    if (parents !== 'disabled')
      context.exposures.set(id, { ...exposure, depends_on: { ...exposure.depends_on, nodes: parents } });
  }
  resolveUnitTests(context, {
    ref: findRef,
    source: findSource,
    isDisabled: (name) => disabledNames.has(name),
    names: [...refables.keys()],
  });
}

function attachedNode(expected: ResourceId, parents: readonly ResourceId[]): ResourceId {
  return parents.includes(expected) ? expected : (parents[0] ?? expected);
}

function describeOwner(owner: ExecutableNode | Exposure): string {
  const kind = owner.resource_type === 'operation' ? 'hook' : owner.resource_type;
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} "${owner.name}"`;
}
