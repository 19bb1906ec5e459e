import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ChemflowError } from '../error/index.js';
import type { ExecutableNode, Json, Model, Node, Operation, ProjectConfig, Seed } from '../types/index.js';
import { makeNode, textOrigin, type NodeDraft } from './make-node.js';
import { attempt, type Origin, type ParseContext, type PropertyEntry } from './parse-context.js';
import type { RelationNamer } from './relation-names.js';
import { readText, type SourceFile } from './source-files.js';
import { isObject } from './yaml-file.js';

/** Finds a resource's entry in the properties files, by section and name, and marks it as used. */
export type FindEntry = (section: string, packageName: string, name: string) => PropertyEntry | undefined;

/** What the parsers of files share. */
export interface FileParser {
  readonly context: ParseContext;
  readonly namer: RelationNamer;
  readonly findEntry: FindEntry;
}

function stem(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.[^.]*$/, '');
}

function folders(path: string): string[] {
  return path.split('/').slice(0, -1);
}

/** The checksum of a text as dbt makes it: lines end with a line feed, so that a checkout on Windows has the same. */
export function checksumOf(text: string): Node['checksum'] {
  const unix = text.replaceAll(/\r\n?/g, '\n');
  return { name: 'sha256', checksum: createHash('sha256').update(unix).digest('hex') };
}

/** Adds a node to the context; a second enabled one of the same id is `PARSE.DUPLICATE_NAME`. */
export function addNode(context: ParseContext, node: ExecutableNode, origin: Origin): void {
  if (!node.config.enabled) {
    context.disabled.push(node);
    return;
  }
  const other = context.nodes.get(node.unique_id);
  if (other !== undefined) {
    context.report(
      new ChemflowError({
        code: 'PARSE.DUPLICATE_NAME',
        message: `Two resources have the name "${node.name}": ${other.original_file_path} and ${node.original_file_path}.`,
        hint: 'rename one of them; alias: keeps the name of its relation',
        place: origin.place(),
      }),
    );
    return;
  }
  context.nodes.set(node.unique_id, node);
  context.origins.set(node.unique_id, origin);
}

/** A text without the white space around it, as dbt keeps it, and the line on which it begins. */
function trimmed(text: string): { readonly code: string; readonly line: number } {
  const before = /^\s*\n/.exec(text)?.[0] ?? '';
  return { code: text.slice(before.length).trimEnd(), line: before.split('\n').length };
}

function draftOf(
  parser: FileParser,
  source: SourceFile,
  text: string,
  type: NodeDraft['type'],
  treeKey: string,
  overrides: Partial<NodeDraft> = {},
): NodeDraft {
  const name = overrides.name ?? stem(source.path);
  const { code, line } = trimmed(text);
  const entry = parser.findEntry(treeKey, source.packageName, name);
  return {
    id: `${type}.${source.packageName}.${name}`,
    type,
    treeKey,
    name,
    source,
    path: source.path,
    fqn: [source.packageName, ...folders(source.path), name],
    code,
    line,
    checksum: checksumOf(text.trim()),
    entry,
    origin: textOrigin(source, text, line, entry),
    ...overrides,
  };
}

/** Keeps a file's text for errors. */
function load(context: ParseContext, source: SourceFile): string {
  return (context.files[source.shown] ??= readText(source));
}

function add(
  parser: FileParser,
  draft: NodeDraft,
  extend: (node: ExecutableNode) => ExecutableNode = (node) => node,
): void {
  addNode(parser.context, extend(makeNode(parser.context, parser.namer, draft)), draft.origin);
}

/** Parses a model's file. */
export function parseModel(parser: FileParser, source: SourceFile): void {
  const text = load(parser.context, source);
  const versioned = versionOf(parser, source);
  const draft = draftOf(parser, source, text, 'model', 'models', versioned?.overrides ?? {});
  const properties = draft.entry?.value;
  add(parser, draft, (node): Model => ({
    ...(node as Model),
    access: String(node.config['access'] ?? 'protected'),
    group: node.config.group ?? null,
    constraints: Array.isArray(properties?.['constraints']) ? (properties['constraints'] as readonly Json[]) : [],
    version: versioned?.version ?? null,
    latest_version: versioned?.latest ?? null,
  }));
}

interface Versioned {
  readonly version: string | number;
  readonly latest: string | number;
  readonly overrides: Partial<NodeDraft>;
}

/** A file that is one version of a model (`orders_v2.sql`, or what `defined_in` says). */
function versionOf(parser: FileParser, source: SourceFile): Versioned | undefined {
  const fileName = stem(source.path);
  const baseName = fileName.replace(/_v[\w.]+$/, '');
  for (const name of new Set([fileName, baseName])) {
    const entry = parser.findEntry('models', source.packageName, name);
    const versions = entry?.value['versions'];
    if (entry === undefined || !Array.isArray(versions)) continue;
    const list = (versions as readonly Json[]).filter(isObject);
    const numbers = list.map((one) => one['v'] as string | number);
    const latest =
      (entry.value['latest_version'] as string | number | undefined) ??
      [...numbers].sort((a, b) => Number(a) - Number(b)).at(-1);
    const own = list.find((one) => (one['defined_in'] ?? `${name}_v${String(one['v'] as string)}`) === fileName);
    const found =
      own ?? (fileName === name ? list.find((one) => String(one['v'] as string) === String(latest)) : undefined);
    if (found === undefined || latest === undefined) continue;
    const version = found['v'] as string | number;
    return {
      version,
      latest,
      overrides: {
        id: `model.${source.packageName}.${name}.v${version}`,
        name,
        fqn: [source.packageName, ...folders(source.path), name, `v${version}`],
        entry,
        extraConfig: {
          alias: `${name}_v${String(version).replaceAll('.', '_')}`,
          ...(isObject(found['config']) ? found['config'] : {}),
        },
      },
    };
  }
  return undefined;
}

/** Parses a CSV file as a seed; of a large one only the path is hashed, as in dbt. */
export function parseSeed(parser: FileParser, source: SourceFile): void {
  const { context } = parser;
  const isLarge = statSync(source.absolute).size > 1024 * 1024;
  const origin: Origin = {
    place: () => ({ file: source.shown, line: 1, column: 1 }),
    find: () => ({ file: source.shown, line: 1, column: 1 }),
  };
  const draft = draftOf(parser, source, '', 'seed', 'seeds', {
    origin,
    checksum: isLarge
      ? { name: 'path', checksum: source.originalPath }
      : checksumOf(readFileSync(source.absolute, 'utf8').trim()),
  });
  add(parser, draft, (node): Seed => ({
    ...(node as Seed),
    root_path: context.packages.get(source.packageName)?.root ?? context.project.root.root,
  }));
}

/** Parses an analysis, which is compiled and never run. */
export function parseAnalysis(parser: FileParser, source: SourceFile): void {
  const text = load(parser.context, source);
  const name = stem(source.path);
  add(
    parser,
    draftOf(parser, source, text, 'analysis', 'analyses', {
      path: `analysis/${source.path}`,
      fqn: [source.packageName, 'analysis', ...folders(source.path), name],
    }),
  );
}

/** Parses a singular test. */
export function parseSingularTest(parser: FileParser, source: SourceFile): void {
  const text = load(parser.context, source);
  if (/^\s*(?:\{#.*?#\}\s*)*$/s.test(text)) return;
  add(parser, draftOf(parser, source, text, 'test', 'data_tests'));
}

/** Parses one `{% snapshot %}` block of a file. */
export function parseSnapshotBlock(
  parser: FileParser,
  source: SourceFile,
  block: { readonly name: string; readonly contents: string; readonly contentsLine: number },
): void {
  const text = load(parser.context, source);
  const { code, line } = trimmed(block.contents);
  const beginning = block.contentsLine + line - 1;
  add(
    parser,
    draftOf(parser, source, text, 'snapshot', 'snapshots', {
      name: block.name,
      id: `snapshot.${source.packageName}.${block.name}`,
      fqn: [source.packageName, ...source.path.replace(/\.[^./]*$/, '').split('/'), block.name],
      code,
      line: beginning,
      checksum: checksumOf(text.trim()),
      origin: textOrigin(source, text, beginning),
    }),
  );
}

/** Parses a snapshot that is written in YAML, with `relation:` for its query. */
export function parseYamlSnapshot(parser: FileParser, entry: PropertyEntry): void {
  const relation = String(entry.value['relation'] as string)
    .replace(/^\s*\{\{|\}\}\s*$/g, '')
    .trim();
  const { source, name } = entry;
  const code = `select * from {{ ${relation} }}`;
  const place = (): ReturnType<Origin['place']> => entry.file.placeOf([...entry.path, 'relation']);
  add(parser, {
    id: `snapshot.${source.packageName}.${name}`,
    type: 'snapshot',
    treeKey: 'snapshots',
    name,
    source,
    path: `${source.path}/${name}`,
    fqn: [source.packageName, ...folders(source.path), name],
    code,
    line: entry.file.lineOf([...entry.path, 'relation']),
    checksum: checksumOf(code),
    entry,
    origin: { place, find: place },
  });
}

/** Makes the operations of a project's on-run-start and on-run-end hooks. */
export function parseOperations(parser: FileParser, config: ProjectConfig): void {
  const { context } = parser;
  const hooks = [
    ...config.onRunStart.map((sql, index) => ({ sql, index, when: 'on-run-start' })),
    ...config.onRunEnd.map((sql, index) => ({ sql, index, when: 'on-run-end' })),
  ];
  for (const { sql, index, when } of hooks) {
    if (sql.trim() === '') continue;
    const name = `${config.name}-${when}-${index}`;
    const source: SourceFile = {
      packageName: config.name,
      absolute: config.file,
      path: config.file,
      originalPath: config.file,
      shown: config.file,
    };
    const place = (): ReturnType<Origin['place']> => ({ file: config.file, line: 1, column: 1 });
    attempt(context.report, () => {
      add(
        parser,
        {
          id: `operation.${config.name}.${name}`,
          type: 'operation',
          treeKey: 'operations',
          name,
          source,
          path: `hooks/${name}.sql`,
          fqn: [config.name, 'hooks', name],
          code: sql,
          line: 1,
          checksum: checksumOf(sql),
          tags: [when],
          origin: { place, find: place },
        },
        (node): Operation => ({ ...(node as Operation), index }),
      );
    });
  }
}
