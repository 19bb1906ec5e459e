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

/** The texts of a manifest's nodes and of its other sections as far as a run does not change them. */
export interface ManifestDrafts {
  /** Makes the texts, a few at a time, in the pauses of other work; ends early once `stop` was called. */
  begin(): void;
  stop(): void;
  /** The text of a node. */
  textOf(node: ExecutableNode): string;
  /** The text of all that is no node, as the fields of an object without its braces. */
  otherSections(): string;
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

/** Sections of a manifest: their names, and what makes them. */
const sections: Readonly<Record<string, (manifest: Manifest) => Json>> = {
  sources: ({ sources }) => mapped(sources, (table) => plain(table)),
  macros: ({ macros }) => mapped(macros, ({ offset: _offset, ...macro }) => plain(macro)),
  docs: ({ docs }) => mapped(docs, (block) => plain(block, { resource_type: 'doc' })),
  exposures: ({ exposures }) => mapped(exposures, (exposure) => plain(exposure)),
  metrics: () => ({}),
  groups: () => ({}),
  selectors: () => ({}),
  disabled: ({ disabled }) => {
    const entries: Record<string, Json[]> = {};
    for (const resource of disabled) (entries[resource.unique_id] ??= []).push(entryOf(resource));
    return entries;
  },
  parent_map: (manifest) => relatives(manifest).parents,
  child_map: (manifest) => relatives(manifest).children,
  group_map: () => ({}),
  saved_queries: () => ({}),
  semantic_models: () => ({}),
  unit_tests: ({ unitTests }) => mapped(unitTests, (test) => entryOf(test)),
  functions: () => ({}),
};

function mapped<Value>(part: Readonly<Record<string, Value>>, entry: (value: Value) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(part).map(([id, value]) => [id, entry(value)]));
}

/** Drafts of a run that has time for them while the server works. */
export function createManifestDrafts(manifest: Manifest): ManifestDrafts {
  const texts = new Map<ExecutableNode, string>();
  const sectionTexts = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  const textOf = (node: ExecutableNode): string => {
    const text = texts.get(node) ?? JSON.stringify(standingEntry(node));
    texts.set(node, text);
    return text;
  };
  const sectionText = (name: string): string => {
    const text = sectionTexts.get(name) ?? `${JSON.stringify(name)}:${JSON.stringify(sections[name]?.(manifest))}`;
    sectionTexts.set(name, text);
    return text;
  };
  return {
    textOf,
    otherSections: () =>
      Object.keys(sections)
        .map((name) => sectionText(name))
        .join(','),
    begin: () => {
      const nodes = Object.values(manifest.nodes);
      const names = Object.keys(sections);
      let position = 0;
      const next = (): void => {
        for (const node of nodes.slice(position, (position += draftedAtOnce))) textOf(node);
        const name = position < nodes.length ? undefined : names.shift();
        if (name !== undefined) sectionText(name);
        if (position < nodes.length || names.length > 0) timer = setTimeout(next, draftPauseMs).unref();
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

/** The text of a manifest as dbt's schema v12 has it, with `parent_map` and `child_map`. */
function manifestText({ manifest, project, invocation, compiled, ...input }: ManifestInput): string {
  const drafts = input.drafts ?? createManifestDrafts(manifest);
  const metadata = {
    ...artifactMetadata('manifest/v12', project, invocation),
    project_name: project.root.name,
    project_id: md5(project.root.name),
    user_id: null,
    send_anonymous_usage_stats: false,
    adapter_type: 'postgres',
    quoting: { database: true, schema: true, identifier: true, column: null },
    run_started_at: invocation.startedAt.toISOString(),
  };
  const parts = [`{"metadata":${JSON.stringify(metadata)},${drafts.otherSections()},"nodes":{`];
  let separator = '';
  for (const [id, node] of Object.entries(manifest.nodes)) {
    const more = JSON.stringify(compiledEntry(node, compiled));
    const text = drafts.textOf(node);
    parts.push(`${separator}${JSON.stringify(id)}:`, more === '{}' ? text : `${text.slice(0, -1)},${more.slice(1)}`);
    separator = ',';
  }
  return `${parts.join('')}}}`;
}

/** Writes `manifest.json` (dbt's schema v12) and returns its path. */
export function writeManifest(input: ManifestInput): string {
  const path = join(input.project.targetPath, 'manifest.json');
  writeAtomically(path, manifestText(input));
  return path;
}
