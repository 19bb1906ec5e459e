import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChemflowError, didYouMean } from '../error/index.js';
import { circleError, findCircles } from '../graph/index.js';
import type { ExecutableNode, JsonObject, Macro, Manifest, SourceTable } from '../types/index.js';
import { treeKinds } from './config-keys.js';
import { snapshotConfigError } from './config-values.js';
import { attempt, type ParseContext, type PropertyEntry } from './parse-context.js';
import { isObject, readYaml } from './yaml-file.js';

const builtinMaterializations = [
  'table',
  'view',
  'incremental',
  'ephemeral',
  'materialized_view',
  'seed',
  'snapshot',
  'test',
  'clone',
  'unit',
  'function',
];

/** Two resources with one relation would overwrite each other: `PARSE.AMBIGUOUS_RELATION`. */
export function checkRelations(context: ParseContext): void {
  const owners = new Map<string, ExecutableNode | SourceTable>();
  const copied = [...context.sources.values()].filter((table) => table.connection !== null);
  for (const resource of [...context.nodes.values(), ...copied]) {
    const name = resource.relation_name;
    if (name === null || resource.resource_type === 'test') continue;
    const other = owners.get(name);
    if (other === undefined) {
      owners.set(name, resource);
      continue;
    }
    context.report(
      new ChemflowError({
        code: 'PARSE.AMBIGUOUS_RELATION',
        message: `Two resources would be the relation ${name}: ${other.unique_id} and ${resource.unique_id}.`,
        hint: 'give one of them another name, alias or schema',
        place: context.origins.get(resource.unique_id)?.place(),
      }),
    );
  }
}

/** A materialization that neither chemflow nor a macro of the project knows: `PARSE.UNKNOWN_MATERIALIZATION`. */
export function checkMaterializations(context: ParseContext): void {
  const { root } = context.project;
  for (const node of context.nodes.values()) {
    const { materialized } = node.config;
    if (
      node.resource_type !== 'model' ||
      node.package_name !== root.name ||
      builtinMaterializations.includes(materialized)
    )
      continue;
    const isCustom = ['postgres', 'default'].some(
      (adapter) =>
        context.engine.findMacro(`materialization_${materialized}_${adapter}`, null, node.package_name) !== undefined,
    );
    if (isCustom || context.broken.has(node.unique_id)) continue;
    context.report(
      new ChemflowError({
        code: 'PARSE.UNKNOWN_MATERIALIZATION',
        message: `Model "${node.name}" is materialized as "${materialized}", which does not exist.`,
        hint:
          didYouMean(materialized, builtinMaterializations) ??
          `there are ${builtinMaterializations.slice(0, 5).join(', ')}`,
        place: context.origins.get(node.unique_id)?.find(/materialized/),
      }),
    );
  }
}

const sectionTypes: Readonly<Record<string, readonly string[]>> = {
  models: ['model'],
  seeds: ['seed'],
  snapshots: ['snapshot'],
  analyses: ['analysis'],
  data_tests: ['test'],
};

/** Snapshots of the project that cannot be built as they are configured: `PARSE.SNAPSHOT_CONFIG`. */
export function checkSnapshots(context: ParseContext): void {
  const { root } = context.project;
  for (const node of context.nodes.values()) {
    if (node.resource_type !== 'snapshot' || node.package_name !== root.name || context.broken.has(node.unique_id))
      continue;
    const origin = context.origins.get(node.unique_id);
    if (origin === undefined) continue;
    const error = snapshotConfigError(
      node.name,
      node.config as JsonObject,
      (pattern) => origin.find(pattern),
      (strategy) => context.engine.findMacro(`snapshot_${strategy}_strategy`, null, node.package_name) !== undefined,
    );
    if (error !== undefined) context.report(error);
  }
}

/** Macros of the project whose text is wrong, whether something calls them or not. */
export function checkMacros(context: ParseContext, macros: Readonly<Record<string, Macro>>): void {
  for (const macro of Object.values(macros))
    if (macro.package_name === context.project.root.name)
      attempt(context.report, () => context.engine.macroDependencies(macro));
}

/** Entries of properties files about resources that do not exist: errors in a chemflow project (their tests would silently not run), warnings in a dbt one. */
export function checkUnusedEntries(
  context: ParseContext,
  entries: readonly PropertyEntry[],
  used: ReadonlySet<PropertyEntry>,
): void {
  const { root } = context.project;
  for (const entry of entries) {
    const types = sectionTypes[entry.kind];
    if (types === undefined || used.has(entry) || entry.packageName !== root.name) continue;
    const own = [...context.nodes.values(), ...context.disabled].filter(
      (node) => node.package_name === entry.packageName,
    );
    const sameName = own.find((node) => node.name === entry.name);
    const candidates = own.filter((node) => types.includes(node.resource_type)).map((node) => node.name);
    const error = new ChemflowError({
      code: 'PARSE.UNKNOWN_RESOURCE',
      message: `${entry.source.shown} describes "${entry.name}" under ${entry.kind}:, but there is no such ${types[0] ?? 'resource'}.`,
      hint:
        sameName === undefined
          ? (didYouMean(entry.name, candidates) ?? `take the entry away, or write ${entry.name}.sql`)
          : `it is a ${sameName.resource_type}: move the entry under ${sameName.resource_type === 'analysis' ? 'analyses' : `${sameName.resource_type}s`}:`,
      place: entry.file.placeOf([...entry.path, 'name']),
    });
    if (root.kind === 'chemflow') context.report(error);
    else context.warn(error);
  }
}

/** Folders of the project file's configuration trees that match no resource are told as warnings. */
export function warnUnusedFolders(context: ParseContext): void {
  const { root } = context.project;
  const paths: string[][] = [];
  for (const [treeKey, tree] of Object.entries(root.configTrees)) {
    const kind = treeKinds[treeKey];
    if (kind === undefined) continue;
    const resources = [
      ...context.nodes.values(),
      ...context.sources.values(),
      ...context.exposures.values(),
      ...context.unitTests.values(),
      ...context.disabled,
    ];
    const names = resources.filter((resource) => resource.resource_type === kind).map((resource) => resource.fqn);
    const walk = (level: JsonObject, path: readonly string[]): void => {
      for (const [key, value] of Object.entries(level)) {
        if (key.startsWith('+') || !isObject(value)) continue;
        const here = [...path, key];
        if (names.some((fqn) => here.every((part, index) => fqn[index] === part))) walk(value, here);
        else if (Object.keys(value).length > 0) paths.push([treeKey, ...here]);
      }
    };
    walk(tree, []);
  }
  if (paths.length === 0) return;
  const path = join(root.root, root.file);
  const file = readYaml(root.file, readFileSync(path, 'utf8'));
  for (const unused of paths)
    context.warn(
      new ChemflowError({
        code: 'PARSE.UNUSED_CONFIG',
        message: `The configuration "${unused.join('.')}" is for no resource of the project.`,
        hint: `below ${unused[0] ?? 'models'}: come the project's name (${root.name}), then folders; a configuration that is a mapping begins with a plus`,
        place: file.placeOf(unused),
      }),
    );
}

/** Circles of the references, as errors. */
export function checkCircles(context: ParseContext, manifest: Manifest): void {
  const parents = new Map(Object.values(manifest.nodes).map((node) => [node.unique_id, node.depends_on.nodes]));
  for (const circle of findCircles(parents)) context.report(circleError(manifest, circle));
}
