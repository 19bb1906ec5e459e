import type { PyValue } from '../jinja/index.js';
import type { Column, ExecutableNode, QueryResult, Relation, ResourceId, SourceTable } from '../types/index.js';
import type { Frame, FrameOverrides, Members, TemplateHost } from './frame.js';
import type { ManifestIndex } from './manifest-index.js';
import { createScope, type FrameScope } from './scope.js';

/** What a template did to the catalog, told to who remembers it. */
export type RelationChange =
  | { readonly kind: 'added' | 'dropped'; readonly relation: Relation }
  | { readonly kind: 'renamed'; readonly relation: Relation; readonly to: Relation }
  | { readonly kind: 'schema-created' | 'schema-dropped'; readonly database: string; readonly schema: string };

/** The database as templates reach it: each call waits for its answer. */
export interface SyncDatabase {
  /** Runs SQL in the session of the node; without `fetch` the rows are not kept. */
  query(sql: string, fetch: boolean): QueryResult;
  /** The relations of a schema, as the run remembers them. */
  relations(database: string, schema: string): readonly Relation[];
  /** The columns of a relation in their order; none where it does not exist. */
  columns(relation: Relation): readonly Column[];
  /** Tells what the template did; does not wait. */
  changed(change: RelationChange): void;
}

/** What is rendered in the run phase: a node, or a source whose freshness is asked. */
export type RunNode = ExecutableNode | SourceTable;

/** Results of statements by name, kept while one resource is built. */
export type StatementResults = Map<string, PyValue>;

/** A rendering with `execute` true. */
export interface RunFrame extends Frame {
  readonly node: RunNode | null;
  readonly index: ManifestIndex;
  readonly database: SyncDatabase;
  readonly results: StatementResults;
  readonly scope: FrameScope;
  /** Ids of the ephemeral models that were referred to, in the order of the first reference. */
  readonly ephemerals: Set<ResourceId>;
  /** Must a ref() be among the node's dependencies? So it is while its SQL is compiled. */
  readonly checksDependencies: boolean;
  /** The node's compiled SQL, where it is known. */
  readonly compiledSql: string | null;
  readonly selected: readonly ResourceId[];
  /** Renders a text in this frame. */
  render(text: string): string;
}

/** What a frame of the run phase is made of. */
export interface RunFrameOptions {
  readonly host: TemplateHost;
  readonly members: Members<RunFrame>;
  readonly node: RunNode | null;
  readonly index: ManifestIndex;
  readonly database: SyncDatabase;
  readonly results: StatementResults;
  readonly checksDependencies: boolean;
  readonly compiledSql: string | null;
  readonly selected: readonly ResourceId[];
  /** Further names in the scope, before all others. */
  readonly variables?: ReadonlyMap<string, PyValue> | undefined;
  readonly overrides?: FrameOverrides | undefined;
  readonly render: (frame: RunFrame, text: string) => string;
}

/** A frame of the run phase. */
export function createRunFrame(options: RunFrameOptions): RunFrame {
  const { host, node, overrides = {} } = options;
  const packageName = node?.package_name ?? host.project.root.name;
  const { variables } = options;
  // Looked up by name, never as entries: a variable's value may be made only then.
  const names =
    variables === undefined || overrides.names === undefined
      ? (variables ?? overrides.names)
      : new Map([
          ...overrides.names,
          ...[...variables.keys()].map((key) => [key, variables.get(key) ?? null] as const),
        ]);
  const scope = createScope<RunFrame>({
    library: host.library,
    packageName,
    members: options.members,
    frame: () => frame,
    overrides: names === undefined || names.size === 0 ? undefined : names,
    isPermissive: false,
  });
  const frame: RunFrame = {
    host,
    packageName,
    node,
    label: node?.unique_id ?? null,
    execute: true,
    overrides,
    scope,
    index: options.index,
    database: options.database,
    results: options.results,
    ephemerals: new Set(),
    checksDependencies: options.checksDependencies,
    compiledSql: options.compiledSql,
    selected: options.selected,
    render: (text) => options.render(frame, text),
  };
  return frame;
}
