import { ChemflowError } from '../error/index.js';
import type { Exposure, Json, RefCall } from '../types/index.js';
import { asObject, describe } from './describe.js';
import { mergeConfig, projectLayers } from './merge-config.js';
import { uniqueTexts } from './node-config.js';
import type { ParseContext, PropertyEntry } from './parse-context.js';

/** A call of ref(), source() or metric(), with or without braces. */
export const referenceCall =
  /^\s*(?:\{\{)?\s*(ref|source|metric)\(\s*(['"])(.+?)\2\s*(?:,\s*(['"])(.+?)\4\s*)?(?:,\s*v(?:ersion)?\s*=\s*['"]?([\w.]+)['"]?\s*)?\)\s*(?:\}\})?\s*$/;

function textOrNull(value: Json | undefined): string | null {
  return value === undefined || value === null ? null : String(value as string);
}

function foldersOf(entry: PropertyEntry): string[] {
  return entry.source.path.split('/').slice(0, -1);
}

/** Parses an exposure: what outside of the project reads which of its resources. */
export function parseExposure(context: ParseContext, entry: PropertyEntry): void {
  const { project } = context;
  const { value, name } = entry;
  const owner = context.packages.get(entry.packageName) ?? project.root;
  const fqn = [entry.packageName, ...foldersOf(entry), name];
  const config = mergeConfig([
    ...projectLayers(owner, project.root, 'exposures', fqn),
    { tags: uniqueTexts(value['tags']), meta: asObject(value['meta']) },
    asObject(value['config']),
  ]);
  const refs: RefCall[] = [];
  const sources: [string, string][] = [];
  const dependencies = value['depends_on'];
  if (Array.isArray(dependencies))
    (dependencies as readonly Json[]).forEach((dependency, index) => {
      const match = typeof dependency === 'string' ? referenceCall.exec(dependency) : null;
      const [, kind, , first = '', , second, version] = match ?? [];
      if (kind === 'ref')
        refs.push({ name: second ?? first, package: second === undefined ? null : first, version: version ?? null });
      else if (kind === 'source' && second !== undefined) sources.push([first, second]);
      else if (kind !== 'metric')
        context.report(
          new ChemflowError({
            code: 'PARSE.SHAPE',
            message: `"${String(dependency as string)}" is no reference.`,
            hint: "write ref('model') or source('source', 'table')",
            place: entry.file.placeOf([...entry.path, 'depends_on', index]),
          }),
        );
    });
  const exposure: Exposure = {
    unique_id: `exposure.${entry.packageName}.${name}`,
    resource_type: 'exposure',
    name,
    package_name: entry.packageName,
    path: entry.source.path,
    original_file_path: entry.source.originalPath,
    fqn,
    label: textOrNull(value['label']),
    type: textOrNull(value['type']) ?? 'dashboard',
    owner: asObject(value['owner']),
    description: describe(context, entry, value['description'], [...entry.path, 'description']),
    url: textOrNull(value['url']),
    maturity: textOrNull(value['maturity']),
    tags: uniqueTexts(config['tags']),
    meta: asObject(config['meta']),
    config: { ...config, enabled: config['enabled'] !== false },
    refs,
    sources,
    depends_on: { nodes: [], macros: [] },
    created_at: context.createdAt,
    line: entry.file.lineOf(entry.path),
  };
  if (!exposure.config.enabled) {
    context.disabled.push(exposure);
    return;
  }
  const place = (): ReturnType<typeof entry.file.placeOf> => entry.file.placeOf([...entry.path, 'depends_on']);
  context.exposures.set(exposure.unique_id, exposure);
  context.origins.set(exposure.unique_id, { place, find: place });
}
