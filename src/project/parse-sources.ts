import { ChemflowError, didYouMean } from '../error/index.js';
import type { FreshnessThreshold, Json, JsonObject, SourceTable } from '../types/index.js';
import { asObject, describe, readColumns } from './describe.js';
import { mergeConfig, projectLayers } from './merge-config.js';
import { uniqueTexts } from './node-config.js';
import type { ParseContext, PropertyEntry } from './parse-context.js';
import { parseGenericTests } from './parse-generic-tests.js';
import { readExtract } from './read-extract.js';
import { tableShape, unknownKeys } from './read-properties.js';
import { quotedName, type RelationNamer } from './relation-names.js';
import { checkShape } from './shape.js';
import { isObject, type YamlPath } from './yaml-file.js';

const periods = ['minute', 'hour', 'day'] as const;

/** Reads a freshness rule; null switches it off, and a threshold that is not given is the outer one's. */
function readFreshness(
  context: ParseContext,
  entry: PropertyEntry,
  value: Json | undefined,
  path: YamlPath,
  outer: FreshnessThreshold | null,
): FreshnessThreshold | null {
  if (value === undefined) return outer;
  if (!isObject(value)) return null;
  const threshold = (key: 'warn_after' | 'error_after'): FreshnessThreshold['warn_after'] => {
    const written = value[key];
    if (written === undefined) return outer?.[key] ?? null;
    if (!isObject(written) || Object.keys(written).length === 0) return null;
    const period = periods.find((word) => word === written['period']);
    const count = Number(written['count']);
    if (period !== undefined && Number.isFinite(count) && written['count'] !== null) return { count, period };
    context.report(
      new ChemflowError({
        code: 'PARSE.SHAPE',
        message: `"${key}" needs a count and a period of ${periods.join(', ')}.`,
        hint: `write ${key}: {count: 12, period: hour}`,
        place: entry.file.placeOf([...path, key]),
      }),
    );
    return null;
  };
  const filter = value['filter'];
  return {
    warn_after: threshold('warn_after'),
    error_after: threshold('error_after'),
    filter: typeof filter === 'string' ? filter : (outer?.filter ?? null),
  };
}

function textOr(value: Json | undefined, fallback: string): string {
  return value === undefined || value === null || value === '' ? fallback : String(value as string);
}

function checkConnection(context: ParseContext, entry: PropertyEntry): string | null {
  const name = entry.value['connection'];
  if (typeof name !== 'string') return null;
  const known = context.project.connectionNames ?? Object.keys(context.project.sourceConnections);
  if (!known.includes(name))
    context.report(
      new ChemflowError({
        code: 'PARSE.UNKNOWN_CONNECTION',
        message: `Source "${entry.name}" is copied through the connection "${name}", which ${context.project.root.file} does not declare.`,
        hint:
          didYouMean(name, known) ??
          (known.length === 0 ? `declare it there under connections:` : `connections are ${known.join(', ')}`),
        place: entry.file.placeOf([...entry.path, 'connection']),
      }),
    );
  return name;
}

/** Parses a source of a properties file: each of its tables, and their tests. */
export function parseSource(context: ParseContext, namer: RelationNamer, entry: PropertyEntry): void {
  const { project } = context;
  const { value } = entry;
  const owner = context.packages.get(entry.packageName) ?? project.root;
  const connection = checkConnection(context, entry);
  const tables = value['tables'];
  if (!Array.isArray(tables)) return;
  const sourceConfig = asObject(value['config']);
  const sourceMeta = { ...asObject(value['meta']), ...asObject(sourceConfig['meta']) };
  const outerFreshness = readFreshness(
    context,
    entry,
    sourceConfig['freshness'] ?? value['freshness'],
    [...entry.path, 'freshness'],
    null,
  );
  const description = describe(context, entry, value['description'], [...entry.path, 'description']);
  const defaultSchema =
    connection === null ? entry.name : project.target.name === 'prod' ? 'staging' : `${project.target.schema}_staging`;
  const inherit = (table: JsonObject, key: string): string | null => {
    const found = [asObject(table['config'])[key], table[key], sourceConfig[key], value[key]].find(
      (one) => one !== undefined,
    );
    return typeof found === 'string' ? found : null;
  };

  (tables as readonly Json[]).forEach((table, index) => {
    const path = [...entry.path, 'tables', index];
    if (!isObject(table) || table['name'] === undefined || table['name'] === null) {
      const hint = typeof table === 'string' ? `write - name: ${table}` : 'write - name: ...';
      context.report(
        new ChemflowError({
          code: 'PARSE.SHAPE',
          message: 'This table has no name.',
          hint,
          place: entry.file.placeOf(path),
        }),
      );
      return;
    }
    const name = String(table['name'] as string);
    checkShape(table, tableShape, {
      file: entry.file,
      path,
      what: `table "${name}"`,
      report: context.report,
      unknownKeys: unknownKeys(owner, project.root, context),
    });
    const fqn = [entry.packageName, ...entry.source.path.split('/').slice(0, -1), entry.name, name];
    const tableConfig = asObject(table['config']);
    const config = mergeConfig([
      ...projectLayers(owner, project.root, 'sources', fqn),
      { tags: uniqueTexts(value['tags']), meta: asObject(value['meta']) },
      sourceConfig,
      { tags: uniqueTexts(table['tags']), meta: asObject(table['meta']) },
      tableConfig,
    ]);
    const columns = readColumns(context, entry, table, path);
    const quoting = { ...owner.quoting, ...asObject(value['quoting']), ...asObject(table['quoting']) } as JsonObject;
    const database = textOr(value['database'], project.target.connection.database);
    const schema = textOr(value['schema'], defaultSchema);
    const identifier = textOr(table['identifier'], connection === null ? name : `${entry.name}_${name}`);
    const source: SourceTable = {
      unique_id: `source.${entry.packageName}.${entry.name}.${name}`,
      resource_type: 'source',
      source_name: entry.name,
      name,
      package_name: entry.packageName,
      path: entry.source.originalPath,
      original_file_path: entry.source.originalPath,
      fqn,
      database,
      schema,
      identifier,
      relation_name: quotedName({ database, schema, identifier }, quoting),
      source_description: description,
      description: describe(context, entry, table['description'], [...path, 'description']),
      loader: textOr(table['loader'], textOr(value['loader'], '')),
      columns,
      config: {
        ...config,
        enabled: config['enabled'] !== false,
        tags: uniqueTexts(config['tags']),
        meta: asObject(config['meta']),
      },
      tags: uniqueTexts(config['tags']),
      meta: asObject(config['meta']),
      source_meta: sourceMeta,
      freshness: readFreshness(
        context,
        entry,
        tableConfig['freshness'] ?? table['freshness'],
        [...path, 'freshness'],
        outerFreshness,
      ),
      loaded_at_field: inherit(table, 'loaded_at_field'),
      loaded_at_query: inherit(table, 'loaded_at_query'),
      quoting,
      patch_path: null,
      connection,
      clock_query: typeof value['clock_query'] === 'string' ? value['clock_query'] : null,
      extract:
        connection === null
          ? null
          : readExtract(
              context,
              entry,
              { name, value: table, path, columns: Object.keys(columns) },
              textOr(value['source_schema'], 'public'),
            ),
      created_at: context.createdAt,
      line: entry.file.lineOf(path),
    };
    addSource(context, entry, source, path);
    parseGenericTests(
      context,
      namer,
      entry,
      {
        id: source.unique_id,
        label: `${entry.name}_${name}`,
        prefix: 'source_',
        call: `source('${entry.name}', '${name}')`,
        ref: undefined,
        source: [entry.name, name],
      },
      table,
      path,
    );
  });
}

function addSource(context: ParseContext, entry: PropertyEntry, source: SourceTable, path: YamlPath): void {
  if (!source.config.enabled) {
    context.disabled.push(source);
    return;
  }
  const place = (): ReturnType<typeof entry.file.placeOf> => entry.file.placeOf(path);
  const other = context.sources.get(source.unique_id);
  if (other === undefined) {
    context.sources.set(source.unique_id, source);
    context.origins.set(source.unique_id, { place, find: place });
    return;
  }
  context.report(
    new ChemflowError({
      code: 'PARSE.DUPLICATE_NAME',
      message: `Table "${source.name}" of source "${source.source_name}" is declared twice: ${other.original_file_path} and ${source.original_file_path}.`,
      hint: 'take one of them away',
      place: place(),
    }),
  );
}
