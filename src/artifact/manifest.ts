import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type {
  ExecutableNode,
  Invocation,
  Json,
  JsonObject,
  Manifest,
  Project,
  Resource,
  ResourceId,
  UnitTest,
} from '../types/index.js';
import { codePath } from './code-files.js';
import { artifactMetadata } from './metadata.js';
import { writeAtomically } from './write-atomically.js';

/** What `manifest.json` is made of. */
export interface ManifestInput {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly invocation: Invocation;
  /** The SQL of what was compiled, by id. */
  readonly compiled?: ReadonlyMap<ResourceId, string> | undefined;
  /** Texts of nodes that were made beforehand. */
  readonly drafts?: ManifestDrafts | undefined;
}

/** The texts of a manifest's nodes as far as a run does not change them. */
export interface ManifestDrafts {
  /** Makes the texts of all nodes, a few at a time, in the pauses of other work; ends early once `stop` was called. */
  begin(nodes: readonly ExecutableNode[]): void;
  stop(): void;
  /** The text of a node. */
  textOf(node: ExecutableNode): string;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** A resource with dbt's field names and without chemflow's own. */
function plain(resource: object, extra: JsonObject = {}): JsonObject {
  const { line: _line, ...rest } = resource as { readonly line?: number } & JsonObject;
  return { ...rest, ...extra };
}

/** What no run changes of a node. */
function standingEntry(node: ExecutableNode): JsonObject {
  return plain(node, {
    build_path: null,
    unrendered_config: node.unrendered_config,
    ...(node.resource_type === 'seed'
      ? {}
      : {
          extra_ctes: [],
          extra_ctes_injected: true,
          contract: { enforced: contractIsEnforced(node), alias_types: true, checksum: null },
        }),
  });
}

/** What a run says of a node. */
function compiledEntry(node: ExecutableNode, compiled: ReadonlyMap<ResourceId, string> | undefined): JsonObject {
  if (node.resource_type === 'seed') return {};
  const sql = compiled?.get(node.unique_id);
  return {
    compiled: sql !== undefined,
    ...(sql === undefined ? {} : { compiled_code: sql, compiled_path: join('target', 'compiled', codePath(node)) }),
  };
}

/** Nodes whose texts are made in one go: a millisecond or two. */
const draftedAtOnce = 20;
const draftPauseMs = 20;

/** Drafts of a run that has time for them while the server works. */
export function createManifestDrafts(): ManifestDrafts {
  const texts = new Map<ExecutableNode, string>();
  let timer: NodeJS.Timeout | undefined;
  const textOf = (node: ExecutableNode): string => {
    const text = texts.get(node) ?? JSON.stringify(standingEntry(node));
    texts.set(node, text);
    return text;
  };
  return {
    textOf,
    begin: (nodes) => {
      let position = 0;
      const next = (): void => {
        for (const node of nodes.slice(position, (position += draftedAtOnce))) textOf(node);
        if (position < nodes.length) timer = setTimeout(next, draftPauseMs).unref();
      };
      timer = setTimeout(next, draftPauseMs).unref();
    },
    stop: () => {
      clearTimeout(timer);
    },
  };
}

function contractIsEnforced(node: ExecutableNode): boolean {
  const contract = node.config['contract'] as { readonly enforced?: boolean } | undefined;
  return contract?.enforced === true;
}

function unitTestEntry({ inputs: _inputs, ...test }: UnitTest): JsonObject {
  return plain(test);
}

function entryOf(resource: Resource): JsonObject {
  if (resource.resource_type === 'source' || resource.resource_type === 'exposure') return plain(resource);
  if (resource.resource_type === 'unit_test') return unitTestEntry(resource);
  return { ...standingEntry(resource), ...compiledEntry(resource, undefined) };
}

function relatives(manifest: Manifest): {
  parents: Record<string, ResourceId[]>;
  children: Record<string, ResourceId[]>;
} {
  const parents: Record<string, ResourceId[]> = {};
  const children: Record<string, ResourceId[]> = {};
  const all: readonly Resource[] = [
    ...Object.values(manifest.nodes),
    ...Object.values(manifest.sources),
    ...Object.values(manifest.exposures),
    ...Object.values(manifest.unitTests),
  ];
  for (const resource of all) {
    parents[resource.unique_id] = [];
    children[resource.unique_id] = [];
  }
  for (const resource of all) {
    if (resource.resource_type === 'source') continue;
    const own = [...new Set(resource.depends_on.nodes)].sort();
    parents[resource.unique_id] = own;
    for (const parent of own) children[parent]?.push(resource.unique_id);
  }
  for (const list of Object.values(children)) list.sort();
  return { parents, children };
}

/** A manifest as dbt's schema v12 has it, with `parent_map` and `child_map`, without its nodes. */
function otherSections(input: ManifestInput): JsonObject {
  const { manifest, project } = input;
  const { parents, children } = relatives(manifest);
  const mapped = <Value>(part: Readonly<Record<string, Value>>, entry: (value: Value) => JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(part).map(([id, value]) => [id, entry(value)]));
  const disabled: Record<string, Json[]> = {};
  for (const resource of manifest.disabled) (disabled[resource.unique_id] ??= []).push(entryOf(resource));
  return {
    metadata: {
      ...artifactMetadata('manifest/v12', project, input.invocation),
      project_name: project.root.name,
      project_id: md5(project.root.name),
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: 'postgres',
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: input.invocation.startedAt.toISOString(),
    },
    sources: mapped(manifest.sources, (table) => plain(table)),
    macros: mapped(manifest.macros, ({ offset: _offset, ...macro }) => plain(macro)),
    docs: mapped(manifest.docs, (block) => plain(block, { resource_type: 'doc' })),
    exposures: mapped(manifest.exposures, (exposure) => plain(exposure)),
    metrics: {},
    groups: {},
    selectors: {},
    disabled,
    parent_map: parents,
    child_map: children,
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: mapped(manifest.unitTests, (test) => entryOf(test)),
    functions: {},
  };
}

/** Two objects' texts as that of one object. */
function joined(left: string, right: string): string {
  if (right === '{}') return left;
  return left === '{}' ? right : `${left.slice(0, -1)},${right.slice(1)}`;
}

/** The text of a manifest as dbt's schema v12 has it. */
function manifestText(input: ManifestInput): string {
  const drafts = input.drafts ?? createManifestDrafts();
  const nodes = Object.entries(input.manifest.nodes).map(([id, node]) => {
    const text = joined(drafts.textOf(node), JSON.stringify(compiledEntry(node, input.compiled)));
    return `${JSON.stringify(id)}:${text}`;
  });
  return joined(JSON.stringify(otherSections(input)), `{"nodes":{${nodes.join(',')}}}`);
}

/** Writes `manifest.json` (dbt's schema v12) and returns its path. */
export function writeManifest(input: ManifestInput): string {
  const path = join(input.project.targetPath, 'manifest.json');
  writeAtomically(path, manifestText(input));
  return path;
}
