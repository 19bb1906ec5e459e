import { ChemflowError, didYouMean } from '../error/index.js';
import type { ColumnProperties, Json, JsonObject } from '../types/index.js';
import { renderYaml } from './render-yaml-now.js';
import { uniqueTexts } from './node-config.js';
import type { ParseContext, PropertyEntry } from './parse-context.js';
import { columnShape, unknownKeys } from './read-properties.js';
import { checkShape } from './shape.js';
import { hasJinja, isObject, type YamlPath } from './yaml-file.js';

const docCall = /\{\{-?\s*doc\(\s*(['"])([^'"]+)\1\s*(?:,\s*(['"])([^'"]+)\3\s*)?\)\s*-?\}\}/g;

/** A description with the `{{ doc('name') }}` in it replaced; an unknown block is one of the project's errors. */
export function describe(context: ParseContext, entry: PropertyEntry, text: Json | undefined, path: YamlPath): string {
  if (text === undefined || text === null) return '';
  const description = String(text as string).trim();
  if (!hasJinja(description)) return description;
  const own = entry.packageName;
  const resolved = description.replace(docCall, (_call, _quote, first: string, _quote2, second?: string) => {
    const name = second ?? first;
    const packages = second === undefined ? [own, context.project.root.name, ...context.packages.keys()] : [first];
    const block = packages.map((one) => context.docs[`doc.${one}.${name}`]).find((one) => one !== undefined);
    if (block !== undefined) return block.block_contents;
    const names = Object.values(context.docs).map((one) => one.name);
    context.report(
      new ChemflowError({
        code: 'PARSE.UNKNOWN_DOC',
        message: `There is no docs block "${name}".`,
        hint: didYouMean(name, names) ?? `write {% docs ${name} %} ... {% enddocs %} in a .md file`,
        place: entry.file.placeOf(path),
      }),
    );
    return '';
  });
  if (!hasJinja(resolved) || resolved !== description) return resolved;
  const { env, cliVars, target } = context.project;
  return String(renderYaml(resolved, entry.file, path, { env, cliVars, target, reads: context.reads }) as string);
}

/** The documented columns of an entry, by name. */
export function readColumns(
  context: ParseContext,
  entry: PropertyEntry,
  value: JsonObject,
  path: YamlPath,
): Record<string, ColumnProperties> {
  const columns: Record<string, ColumnProperties> = {};
  const config = context.packages.get(entry.packageName);
  const list = value['columns'];
  if (!Array.isArray(list) || config === undefined) return columns;
  const onUnknown = unknownKeys(config, context.project.root, context);
  (list as readonly Json[]).forEach((column, index) => {
    if (!isObject(column)) return;
    const at = [...path, 'columns', index];
    if (column['name'] === undefined || column['name'] === null) {
      context.report(
        new ChemflowError({
          code: 'PARSE.SHAPE',
          message: 'This column has no name.',
          hint: 'write - name: ...',
          place: entry.file.placeOf(at),
        }),
      );
      return;
    }
    const name = String(column['name'] as string);
    checkShape(column, columnShape, {
      file: entry.file,
      path: at,
      what: `column "${name}"`,
      report: context.report,
      unknownKeys: onUnknown,
    });
    if (columns[name] !== undefined)
      onUnknown(
        new ChemflowError({
          code: 'PARSE.DUPLICATE_COLUMN',
          message: `Column "${name}" of "${entry.name}" is described twice.`,
          hint: 'join the two',
          place: entry.file.placeOf(at),
        }),
      );
    const inner = isObject(column['config']) ? column['config'] : {};
    columns[name] = {
      name,
      description: describe(context, entry, column['description'], [...at, 'description']),
      ...(typeof column['data_type'] === 'string' ? { data_type: column['data_type'] } : {}),
      ...(typeof column['quote'] === 'boolean' ? { quote: column['quote'] } : {}),
      meta: { ...asObject(column['meta']), ...asObject(inner['meta']) },
      tags: uniqueTexts([...uniqueTexts(column['tags']), ...uniqueTexts(inner['tags'])]),
      ...(Array.isArray(column['constraints']) ? { constraints: column['constraints'] as readonly Json[] } : {}),
    };
  });
  return columns;
}

/** A mapping, or an empty one for anything else. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
