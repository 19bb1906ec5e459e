import { scanMacroFile } from '../../src/context/index.js';
import type {
  Invocation,
  InvocationFlags,
  JsonObject,
  Macro,
  Manifest,
  Model,
  NodeConfig,
  Project,
  ProjectConfig,
  SourceTable,
} from '../../src/types/index.js';

export function makeConfig(name: string, change: Partial<ProjectConfig> = {}): ProjectConfig {
  return {
    kind: 'chemflow',
    name,
    version: '1.0.0',
    root: `/project/${name}`,
    file: 'chemflow.yml',
    modelPaths: ['models'],
    seedPaths: ['seeds'],
    snapshotPaths: ['snapshots'],
    macroPaths: ['macros'],
    testPaths: ['tests'],
    analysisPaths: [],
    docsPaths: [],
    vars: {},
    configTrees: {},
    dispatch: [],
    onRunStart: [],
    onRunEnd: [],
    quoting: {},
    flags: {},
    queryComment: undefined,
    ...change,
  } as ProjectConfig;
}

/** A project `shop` with the package `tools` in its `packages` folder. */
export function makeProject(change: Partial<Project> = {}): Project {
  const base = {
    root: makeConfig('shop', { root: '/project' }),
    packages: [makeConfig('tools', { root: '/project/packages/tools' })],
    target: {
      name: 'dev',
      profileName: 'shop',
      type: 'postgres',
      schema: 'analytics',
      threads: 2,
      connection: {
        name: 'analytics',
        host: 'localhost',
        port: 5432,
        user: 'me',
        password: 'very-secret',
        database: 'warehouse',
        sessionSettings: { 'chemflow.hash_salt': 'pinch-of-salt' },
      },
      embedded: false,
      extra: {},
    },
    sourceConnections: {},
    cliVars: {},
    targetPath: '/project/target',
    env: { COLOR: 'green', HIDDEN: 'very-secret' },
    batchSize: 1000,
  };
  return { ...base, ...change } as Project;
}

export function makeInvocation(flags: Partial<InvocationFlags> = {}): Invocation {
  return {
    id: '11111111-2222-3333-4444-555555555555',
    startedAt: new Date('2024-03-04T05:06:07.890Z'),
    flags: {
      which: 'run',
      fullRefresh: false,
      failFast: false,
      storeFailures: false,
      empty: false,
      threads: 2,
      args: {},
      ...flags,
    },
  };
}

export function macrosOf(packageName: string, text: string): Record<string, Macro> {
  const { macros } = scanMacroFile({ text, file: 'macros/all.sql', path: 'all.sql', packageName });
  return Object.fromEntries(macros.map((macro) => [macro.unique_id, macro]));
}

/** A model as parse-project makes it, without defaults that no test reads. */
export function makeModel(name: string, sql: string, change: Partial<Model> = {}): Model {
  const config: NodeConfig = {
    enabled: true,
    materialized: 'view',
    tags: [],
    meta: {},
    grants: {},
    persist_docs: {},
    'pre-hook': [],
    'post-hook': [],
    quoting: {},
    column_types: {},
    ...change.config,
  };
  return {
    unique_id: `model.shop.${name}`,
    resource_type: 'model',
    name,
    package_name: 'shop',
    path: `${name}.sql`,
    original_file_path: `models/${name}.sql`,
    fqn: ['shop', name],
    database: 'warehouse',
    schema: 'analytics',
    alias: name,
    relation_name: `"warehouse"."analytics"."${name}"`,
    raw_code: sql,
    language: 'sql',
    checksum: { name: 'sha256', checksum: '' },
    unrendered_config: {},
    tags: [],
    meta: {},
    description: '',
    columns: {},
    patch_path: null,
    docs: { show: true },
    refs: [],
    sources: [],
    depends_on: { nodes: [], macros: [] },
    created_at: 0,
    line: 1,
    ...change,
    config,
  };
}

export function makeSource(sourceName: string, name: string): SourceTable {
  return {
    unique_id: `source.shop.${sourceName}.${name}`,
    resource_type: 'source',
    source_name: sourceName,
    name,
    package_name: 'shop',
    database: 'warehouse',
    schema: 'staging',
    identifier: `${sourceName}_${name}`,
    config: { enabled: true, tags: [], meta: {} },
    quoting: {},
    original_file_path: 'sources.yml',
    path: 'sources.yml',
  } as unknown as SourceTable;
}

export function makeManifest(
  nodes: readonly Manifest['nodes'][string][],
  change: Partial<Manifest> & { readonly sourceTables?: readonly SourceTable[] } = {},
): Manifest {
  const { sourceTables = [], ...rest } = change;
  return {
    nodes: Object.fromEntries(nodes.map((node) => [node.unique_id, node])),
    sources: Object.fromEntries(sourceTables.map((table) => [table.unique_id, table])),
    exposures: {},
    unitTests: {},
    macros: {},
    docs: {},
    disabled: [],
    files: Object.fromEntries(nodes.map((node) => [node.original_file_path, 'raw_code' in node ? node.raw_code : ''])),
    ...rest,
  };
}

export type { JsonObject };
