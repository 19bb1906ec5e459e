import { ChemflowError, didYouMean } from '../error/index.js';
import type { ParseReads } from '../context/index.js';
import type { Json, JsonObject, Project, ProjectConfig } from '../types/index.js';
import { renderYaml } from './render-yaml-now.js';
import type { PropertyEntry } from './parse-context.js';
import { checkShape, kindOf, type Report, type ValueKind } from './shape.js';
import type { SourceFile } from './source-files.js';
import type { YamlReader } from './yaml-cache.js';
import { isObject, type YamlPath } from './yaml-file.js';

const described: Readonly<Record<string, ValueKind>> = {
  name: 'scalar',
  description: 'text',
  docs: 'mapping',
  meta: 'mapping',
  config: 'mapping',
  tags: 'texts',
};

const tested: Readonly<Record<string, ValueKind>> = {
  ...described,
  columns: 'mappings',
  tests: 'list',
  data_tests: 'list',
  quote_columns: 'boolean',
  group: 'text',
  access: 'text',
  constraints: 'list',
};

/** The keys of an entry, by the section of a properties file that it is in. */
const entryShapes: Readonly<Record<string, Readonly<Record<string, ValueKind>>>> = {
  models: {
    ...tested,
    versions: 'mappings',
    latest_version: 'scalar',
    deprecation_date: 'scalar',
    time_spine: 'mapping',
    primary_entity: 'any',
    semantic_model: 'any',
    metrics: 'any',
  },
  seeds: tested,
  snapshots: { ...tested, relation: 'text' },
  analyses: { ...described, columns: 'mappings' },
  macros: { ...described, arguments: 'mappings' },
  data_tests: described,
  sources: {
    ...described,
    database: 'scalar',
    schema: 'scalar',
    loader: 'text',
    quoting: 'mapping',
    freshness: 'mapping',
    loaded_at_field: 'text',
    loaded_at_query: 'text',
    tables: 'mappings',
    overrides: 'text',
    unrendered_database: 'any',
    connection: 'text',
    clock_query: 'text',
    source_schema: 'text',
  },
  exposures: {
    ...described,
    label: 'text',
    type: 'text',
    url: 'text',
    maturity: 'text',
    owner: 'mapping',
    depends_on: 'list',
  },
  unit_tests: {
    ...described,
    model: 'text',
    given: 'mappings',
    expect: 'mapping',
    overrides: 'mapping',
    versions: 'mapping',
  },
};

/** Keys of one column. */
export const columnShape: Readonly<Record<string, ValueKind>> = {
  name: 'scalar',
  description: 'text',
  data_type: 'text',
  quote: 'boolean',
  meta: 'mapping',
  tags: 'texts',
  config: 'mapping',
  tests: 'list',
  data_tests: 'list',
  constraints: 'list',
  granularity: 'text',
  policy_tags: 'any',
  dimension: 'any',
  entity: 'any',
  docs: 'mapping',
};

/** Keys of one table of a source. */
export const tableShape: Readonly<Record<string, ValueKind>> = {
  ...tested,
  identifier: 'text',
  loader: 'text',
  quoting: 'mapping',
  freshness: 'mapping',
  loaded_at_field: 'text',
  loaded_at_query: 'text',
  external: 'mapping',
  extract: 'any',
};

/** Sections that are read, and those of dbt's semantic layer, groups and functions that are let pass. */
const letPass = [
  'version',
  'groups',
  'metrics',
  'semantic_models',
  'saved_queries',
  'functions',
  'anchors',
  'tests',
  'catalogs',
  'vars',
  'selectors',
];

/** Keys whose text is rendered later, or never. */
const renderedLater = new Set([
  'description',
  'tests',
  'data_tests',
  'pre-hook',
  'post-hook',
  'pre_hook',
  'post_hook',
  'loaded_at_query',
  'clock_query',
]);

/** The variables that a package's YAML sees: its own, then those that the root project gives to all and to it. */
export function packageVars(config: ProjectConfig, root: ProjectConfig): JsonObject {
  const own = (vars: JsonObject): JsonObject => (isObject(vars[config.name]) ? (vars[config.name] as JsonObject) : {});
  return { ...config.vars, ...own(config.vars), ...root.vars, ...own(root.vars) };
}

/** How the errors of YAML files are taken: unknown keys are errors in a chemflow project, and in a dbt project warnings where they look like a slip. */
export interface PropertyReports {
  readonly report: Report;
  readonly warn: Report;
}

/** What is done with an unknown key of a file of this package. */
export function unknownKeys(config: ProjectConfig, root: ProjectConfig, reports: PropertyReports): Report {
  if (config.kind === 'chemflow') return reports.report;
  if (config !== root) return () => undefined;
  return (error) => {
    if (error.hint?.startsWith('did you mean') === true) reports.warn(error);
  };
}

/** Reads one properties file: the entries of its sections. Errors of shape are reported with their places, and what is well is returned. */
export function readProperties(
  source: SourceFile,
  text: string,
  project: Project,
  config: ProjectConfig,
  reports: PropertyReports,
  yaml: YamlReader,
  reads: ParseReads | undefined,
): PropertyEntry[] {
  const file = yaml.read(source.shown, text);
  if (file.value === null) return [];
  const fail = (message: string, path: YamlPath, hint?: string): void => {
    reports.report(new ChemflowError({ code: 'PARSE.SHAPE', message, hint, place: file.placeOf(path) }));
  };
  if (!isObject(file.value)) {
    fail(`${source.shown} is not a mapping of sections.`, [], 'begin with models: or sources:');
    return [];
  }
  const onUnknown = unknownKeys(config, project.root, reports);
  const rendered = renderYaml(
    file.value,
    file,
    [],
    {
      env: project.env,
      cliVars: project.cliVars,
      target: project.target,
      vars: packageVars(config, project.root),
      reads,
    },
    (path) => (path[0] === 'unit_tests' && path[2] !== 'config') || renderedLater.has(String(path.at(-1))),
  ) as JsonObject;
  const entries: PropertyEntry[] = [];
  for (const [section, value] of Object.entries(rendered)) {
    const shape = entryShapes[section === 'tests' ? 'data_tests' : section];
    if (shape === undefined) {
      if (letPass.includes(section) || section.startsWith('x-') || section.startsWith('.')) continue;
      const known = [...Object.keys(entryShapes), ...letPass];
      onUnknown(
        new ChemflowError({
          code: 'PARSE.UNKNOWN_KEY',
          message: `"${section}" is no section of a properties file.`,
          hint: didYouMean(section, known) ?? `sections are ${Object.keys(entryShapes).join(', ')}`,
          place: file.placeOf([section]),
        }),
      );
      continue;
    }
    if (value === null) continue;
    if (!Array.isArray(value)) {
      fail(`"${section}" must be a list, but is ${kindOf(value)}.`, [section], `write each entry as - name: ...`);
      continue;
    }
    (value as readonly Json[]).forEach((entry, index) => {
      const path = [section, index];
      const what = section.replace('_', ' ').replace(/(?:ies|s)$/, (end) => (end === 'ies' ? 'y' : ''));
      if (!isObject(entry)) fail(`This entry of "${section}" is not a mapping.`, path, 'write it as - name: ...');
      else if (typeof entry['name'] !== 'string' && typeof entry['name'] !== 'number')
        fail(`This ${what} has no name.`, path, 'write - name: ...');
      else {
        const name = String(entry['name']);
        checkShape(entry, shape, {
          file,
          path,
          what: `${what} "${name}"`,
          report: reports.report,
          unknownKeys: onUnknown,
        });
        entries.push({
          kind: section === 'tests' ? 'data_tests' : section,
          name,
          packageName: config.name,
          value: entry,
          file,
          source,
          path,
        });
      }
    });
  }
  return entries;
}
