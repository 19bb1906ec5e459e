import type { Json, JsonObject, ProjectConfig } from '../types/index.js';
import { isObject } from './yaml-file.js';

// How a nearer layer changes a farther one, by key (dbt's rules); every other key is replaced.
const appended = new Set(['pre-hook', 'post-hook', 'tags', 'packages']);
const updated = new Set(['meta', 'quoting', 'column_types', 'docs', 'contract']);

/** A value as a list: nothing is empty, a single value a list of one. */
export function asList(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
}

function mergeGrants(known: JsonObject, layer: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...known };
  for (const [key, grantees] of Object.entries(layer)) {
    const name = key.replace(/^\+/, '');
    merged[name] = key.startsWith('+') ? [...asList(merged[name]), ...asList(grantees)] : asList(grantees);
  }
  return merged;
}

function canonicalKey(key: string): string {
  return key === 'pre_hook' || key === 'post_hook' ? key.replace('_', '-') : key;
}

/** Puts configuration layers over each other, the last one nearest: tags and hooks add up, meta, quoting, column_types, docs and contract are merged, grants by privilege (`+select` adds), all else is replaced. */
export function mergeConfig(layers: readonly JsonObject[]): JsonObject {
  const merged: Record<string, Json> = {};
  for (const layer of layers)
    for (const [written, value] of Object.entries(layer)) {
      const key = canonicalKey(written);
      const known = merged[key];
      if (appended.has(key)) merged[key] = [...asList(known), ...asList(value)];
      else if (updated.has(key) && isObject(value)) merged[key] = { ...(isObject(known) ? known : {}), ...value };
      else if (key === 'grants' && isObject(value)) merged[key] = mergeGrants(isObject(known) ? known : {}, value);
      else merged[key] = value;
    }
  return merged;
}

/** The layers of a configuration tree of a project file for a resource: the tree's own keys, then those of each folder on the way to it. */
export function treeLayers(tree: JsonObject | undefined, fqn: readonly string[]): JsonObject[] {
  const layers: JsonObject[] = [];
  let level = tree;
  for (const step of [undefined, ...fqn]) {
    if (step !== undefined) {
      const next: Json | undefined = level?.[step];
      level = isObject(next) ? next : undefined;
    }
    if (level === undefined) break;
    const layer: Record<string, Json> = {};
    for (const [key, value] of Object.entries(level)) {
      if (key.startsWith('+')) layer[key.slice(1).trim()] = value;
      // Without a plus a mapping is a folder.
      else if (!isObject(value)) layer[key] = value;
    }
    if (Object.keys(layer).length > 0) layers.push(layer);
  }
  return layers;
}

/** The layers of all project files that speak about a resource of a package: the package's own, then the root project's, which has the last word. */
export function projectLayers(
  packageConfig: ProjectConfig,
  root: ProjectConfig,
  treeKey: string,
  fqn: readonly string[],
): JsonObject[] {
  const own = treeLayers(packageConfig.configTrees[treeKey], fqn);
  return packageConfig === root ? own : [...own, ...treeLayers(root.configTrees[treeKey], fqn)];
}
