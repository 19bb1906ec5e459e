import { join } from 'node:path';
import {
  createTemplateEngine,
  scanMacroFile,
  type ParseReads,
  type SnapshotBlock,
  type TemplateEngine,
} from '../context/index.js';
import { ChemflowError, ChemflowErrors, throwAll } from '../error/index.js';
import { unrepeatableReads } from '../jinja/index.js';
import type {
  DocsBlock,
  EventSink,
  Invocation,
  JsonObject,
  Macro,
  Manifest,
  Project,
  ProjectConfig,
} from '../types/index.js';
import {
  checkCircles,
  checkMacros,
  checkMaterializations,
  checkRelations,
  checkSnapshots,
  checkUnusedEntries,
  warnUnusedFolders,
} from './check-project.js';
import { asObject, describe } from './describe.js';
import {
  parseAnalysis,
  parseModel,
  parseOperations,
  parseSeed,
  parseSingularTest,
  parseSnapshotBlock,
  parseYamlSnapshot,
  type FileParser,
} from './parse-code.js';
import { attempt, type ParseContext, type PropertyEntry } from './parse-context.js';
import { parseExposure } from './parse-exposures.js';
import { parseUnitTest } from './parse-unit-tests.js';
import { parseGenericTests } from './parse-generic-tests.js';
import { parseSource } from './parse-sources.js';
import { readProperties } from './read-properties.js';
import { createRelationNamer } from './relation-names.js';
import { resolveReferences } from './resolve-references.js';
import { findFiles, readText, type PackageFiles, type SourceFile } from './source-files.js';
import { createYamlReader } from './yaml-cache.js';
import { warningText } from './warning-text.js';
import { isObject } from './yaml-file.js';

interface Collected {
  readonly errors: ChemflowError[];
  report(error: unknown): void;
  warn(error: ChemflowError): void;
}

function collector(sink: EventSink | undefined, found: readonly ChemflowError[]): Collected {
  const errors = [...found];
  const add = (error: ChemflowError): void => {
    const isKnown = errors.some(
      (other) =>
        other.message === error.message &&
        other.place?.file === error.place?.file &&
        other.place?.line === error.place?.line,
    );
    if (!isKnown) errors.push(error);
  };
  return {
    errors,
    report: (error) => {
      if (error instanceof ChemflowErrors) error.errors.forEach(add);
      else if (error instanceof ChemflowError) add(error);
      else throw error;
    },
    warn: (error) => sink?.({ kind: 'message', level: 'warn', text: warningText(error), code: error.code }),
  };
}

interface Blocks {
  readonly macros: Record<string, Macro>;
  readonly docs: Record<string, DocsBlock>;
  readonly snapshots: readonly { readonly source: SourceFile; readonly block: SnapshotBlock }[];
}

/** The blocks of all macro, snapshot and docs files. */
function readBlocks(files: readonly PackageFiles[], texts: Record<string, string>, collected: Collected): Blocks {
  const macros: Record<string, Macro> = {};
  const docs: Record<string, DocsBlock> = {};
  const snapshots: { source: SourceFile; block: SnapshotBlock }[] = [];
  const scan = (source: SourceFile, isDocs: boolean): void => {
    const text = (texts[source.shown] ??= readText(source));
    if (isDocs && !text.includes('docs')) return;
    const found = attempt(collected.report, () =>
      scanMacroFile({
        text,
        file: source.originalPath,
        packageName: source.packageName,
        path: source.path,
        shownFile: source.shown,
      }),
    );
    for (const macro of found?.macros ?? []) {
      const other = macros[macro.unique_id];
      if (other === undefined) macros[macro.unique_id] = macro;
      else
        collected.report(
          new ChemflowError({
            code: 'PARSE.DUPLICATE_MACRO',
            message: `The macro "${macro.name}" is defined twice: ${other.original_file_path} line ${other.line} and ${macro.original_file_path} line ${macro.line}.`,
            hint: 'rename one of them, or take it away',
            place: { file: source.shown, line: macro.line, column: 1, text },
          }),
        );
    }
    for (const block of found?.docs ?? []) docs[block.unique_id] ??= block;
    for (const block of found?.snapshots ?? []) snapshots.push({ source, block });
  };
  for (const one of files) {
    for (const source of [...one.macros, ...one.snapshots]) scan(source, false);
    for (const source of one.docs) scan(source, true);
  }
  return { macros, docs, snapshots };
}

/** What `macros:` of properties files says about macros. */
function describeMacros(context: ParseContext, macros: Record<string, Macro>, entries: readonly PropertyEntry[]): void {
  for (const entry of entries) {
    const id = `macro.${entry.packageName}.${entry.name}`;
    const macro = macros[id] ?? macros[`macro.${entry.packageName}.test_${entry.name}`];
    if (entry.kind !== 'macros' || macro === undefined) continue;
    const list = entry.value['arguments'];
    macros[macro.unique_id] = {
      ...macro,
      description: describe(context, entry, entry.value['description'], [...entry.path, 'description']),
      meta: { ...asObject(entry.value['meta']), ...asObject(asObject(entry.value['config'])['meta']) },
      arguments: Array.isArray(list) ? (list as readonly JsonObject[]).filter(isObject) : [],
    };
  }
}

function allProperties(
  project: Project,
  configs: readonly ProjectConfig[],
  files: readonly PackageFiles[],
  texts: Record<string, string>,
  collected: Collected,
  reads: ParseReads | undefined,
): PropertyEntry[] {
  const yaml = createYamlReader(join(project.targetPath, 'yaml_cache.json'));
  const entries = configs.flatMap((config, index) =>
    (files[index]?.properties ?? []).flatMap((source) => {
      const text = (texts[source.shown] ??= readText(source));
      return (
        attempt(collected.report, () => readProperties(source, text, project, config, collected, yaml, reads)) ?? []
      );
    }),
  );
  yaml.save();
  return entries;
}

/** Entries by section, package and name; a second one for the same resource is reported. */
function indexEntries(entries: readonly PropertyEntry[], collected: Collected): Map<string, PropertyEntry> {
  const index = new Map<string, PropertyEntry>();
  for (const entry of entries) {
    // Unit tests of two models may have one name.
    const model = entry.kind === 'unit_tests' ? `:${String(entry.value['model'] as string)}` : '';
    const key = `${entry.kind}:${entry.packageName}:${entry.name}${model}`;
    const other = index.get(key);
    if (other === undefined || entry.kind === 'sources') index.set(key, other ?? entry);
    else
      collected.report(
        new ChemflowError({
          code: 'PARSE.DUPLICATE_PROPERTIES',
          message: `"${entry.name}" is described twice under ${entry.kind}:, in ${other.source.shown} line ${other.file.lineOf(other.path)} and here.`,
          hint: 'join the two',
          place: entry.file.placeOf(entry.path),
        }),
      );
  }
  return index;
}

function parseFiles(parser: FileParser, files: PackageFiles): void {
  const { report } = parser.context;
  const each = (sources: readonly SourceFile[], parse: (parser: FileParser, source: SourceFile) => void): void => {
    for (const source of sources)
      attempt(report, () => {
        parse(parser, source);
      });
  };
  each(files.seeds, parseSeed);
  each(files.models, parseModel);
  each(files.analyses, parseAnalysis);
  each(files.singularTests, parseSingularTest);
}

/** Parses what is written in properties files: sources, exposures, unit tests and the generic tests of everything. */
function parseEntries(context: ParseContext, parser: FileParser, entries: readonly PropertyEntry[]): void {
  const types: Readonly<Record<string, string>> = { models: 'model', seeds: 'seed', snapshots: 'snapshot' };
  const known = new Set(
    [...context.nodes.values(), ...context.disabled].map(
      (node) => `${node.resource_type}.${node.package_name}.${node.name}`,
    ),
  );
  for (const entry of entries) {
    const type = types[entry.kind];
    attempt(context.report, () => {
      if (entry.kind === 'sources') parseSource(context, parser.namer, entry);
      else if (entry.kind === 'exposures') parseExposure(context, entry);
      else if (entry.kind === 'unit_tests') parseUnitTest(context, entry);
      else if (type !== undefined && known.has(`${type}.${entry.packageName}.${entry.name}`))
        parseGenericTests(context, parser.namer, entry, {
          id: `${type}.${entry.packageName}.${entry.name}`,
          label: entry.name,
          prefix: '',
          call: `ref('${entry.name}')`,
          ref: { name: entry.name, package: null, version: null },
          source: undefined,
        });
    });
  }
}

/**
 * Reads every file of a project and its packages into a manifest; starts nothing and asks no database. Warnings go to the sink.
 * What templates read beside the files is noted in `reads`. Throws all errors of the project together, those that loading it has `found` among them, in the order of their files and lines: `CONFIG.*`,
 * `PARSE.*`, `GRAPH.CIRCLE`, `JINJA.*`, `TEMPLATE.*`.
 */
export function parseProject(
  project: Project,
  invocation: Invocation,
  sink?: EventSink,
  found: readonly ChemflowError[] = [],
  reads?: ParseReads,
): Manifest {
  const unrepeatable = unrepeatableReads();
  const collected = collector(sink, found);
  const configs = [project.root, ...project.packages];
  const files = configs.map((config) => findFiles(config, project.root.root));
  const texts: Record<string, string> = {};
  const entries = allProperties(project, configs, files, texts, collected, reads);
  const index = indexEntries(entries, collected);
  const blocks = readBlocks(files, texts, collected);

  let engine: TemplateEngine | undefined;
  const context: ParseContext = {
    project,
    packages: new Map(configs.map((config) => [config.name, config])),
    get engine(): TemplateEngine {
      engine ??= createTemplateEngine({ project, invocation, macros: blocks.macros, files: texts, reads, sink });
      return engine;
    },
    files: texts,
    docs: blocks.docs,
    createdAt: invocation.startedAt.getTime() / 1000,
    nodes: new Map(),
    sources: new Map(),
    exposures: new Map(),
    unitTests: new Map(),
    fixtures: files.flatMap((one) => one.fixtures),
    disabled: [],
    origins: new Map(),
    broken: new Set(),
    reads,
    testNames: () =>
      Object.values({ ...context.engine.builtinMacros, ...blocks.macros })
        .filter((macro) => macro.name.startsWith('test_'))
        .map((macro) => macro.name.slice('test_'.length)),
    report: collected.report,
    warn: collected.warn,
  };
  describeMacros(context, blocks.macros, entries);
  const used = new Set<PropertyEntry>();
  const parser: FileParser = {
    context,
    namer: createRelationNamer(project, context.engine),
    findEntry: (section, packageName, name) => {
      const entry = index.get(`${section}:${packageName}:${name}`);
      if (entry !== undefined) used.add(entry);
      return entry;
    },
  };
  files.forEach((one) => {
    parseFiles(parser, one);
  });
  for (const { source, block } of blocks.snapshots)
    attempt(collected.report, () => {
      parseSnapshotBlock(parser, source, block);
    });
  for (const entry of entries)
    if (entry.kind === 'snapshots' && typeof entry.value['relation'] === 'string') {
      used.add(entry);
      attempt(collected.report, () => {
        parseYamlSnapshot(parser, entry);
      });
    }
  configs.forEach((config) => {
    parseOperations(parser, config);
  });
  parseEntries(context, parser, entries);

  checkUnusedEntries(context, entries, used);
  resolveReferences(context);
  checkRelations(context);
  checkMaterializations(context);
  checkSnapshots(context);
  checkMacros(context, blocks.macros);
  warnUnusedFolders(context);
  const manifest: Manifest = {
    nodes: Object.fromEntries(context.nodes),
    sources: Object.fromEntries(context.sources),
    exposures: Object.fromEntries(context.exposures),
    unitTests: Object.fromEntries(context.unitTests),
    macros: { ...context.engine.builtinMacros, ...blocks.macros },
    docs: blocks.docs,
    disabled: context.disabled,
    files: texts,
  };
  checkCircles(context, manifest);
  throwAll(inOrder(collected.errors));
  if (reads !== undefined && unrepeatableReads() > unrepeatable) reads.isOfTheMoment = true;
  return manifest;
}

/** Errors by file and line, as a reader goes through them. */
function inOrder(errors: readonly ChemflowError[]): ChemflowError[] {
  return [...errors].sort((left, right) => {
    const [a, b] = [left.place, right.place];
    if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    return a.line - b.line || a.column - b.column;
  });
}
