import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chemflowVersion, writeAtomically } from '../artifact/index.js';
import type { ExecutableNode, Manifest, Project, ResourceId } from '../types/index.js';
import type { ColumnLineage } from './query-lineage.js';
import type { Written } from './statement-writes.js';
import type { TracedColumns } from './trace-node.js';

/** What is kept of a node that was followed: it holds as long as its SQL and the relations that this read are the same. */
export interface CachedNode {
  /** Of everything that the SQL was rendered of, except the database's contents. */
  readonly template: string;
  readonly sql: string;
  readonly sqlDigest: string;
  /** The relations that the SQL read, and what was known of each. */
  readonly read: Readonly<Record<ResourceId, string>>;
  readonly columns: readonly ColumnLineage[];
  readonly isOrdered: boolean;
}

/** What is kept of a text of statements: it holds as long as the relations that they read are the same. */
export interface CachedStatements {
  readonly read: Readonly<Record<ResourceId, string>>;
  readonly written: readonly Written[];
}

/** The lineage that earlier commands found. */
export interface LineageCache {
  get(id: ResourceId): CachedNode | undefined;
  set(id: ResourceId, node: CachedNode): void;
  /** What statements that are no model's write, by the digest of their text; those that nobody asks for in a command are let go of. */
  getStatement(sqlDigest: string): CachedStatements | undefined;
  setStatement(sqlDigest: string, statements: CachedStatements): void;
  /** Writes the cache where it has changed. */
  save(): void;
}

/** Raised when what is found of the same SQL changes. */
const revision = 3;

export function digest(value: unknown): string {
  return createHash('sha256')
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex')
    .slice(0, 32);
}

/** Opens `target/lineage_cache.json`; one of another chemflow or other settings, or one that cannot be read, is as none. */
export function openLineageCache(project: Project): LineageCache {
  const file = join(project.targetPath, 'lineage_cache.json');
  const key = digest([
    chemflowVersion(),
    revision,
    project.root.privacy ?? null,
    project.target.name,
    project.target.schema,
  ]);
  let nodes: Record<ResourceId, CachedNode> = {};
  let before: Record<string, CachedStatements> = {};
  const statements: Record<string, CachedStatements> = {};
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly key: string;
      readonly nodes: typeof nodes;
      readonly statements: typeof before;
    };
    if (stored.key === key) {
      nodes = { ...stored.nodes };
      before = stored.statements;
    }
  } catch {
    // There is none yet, or it is no JSON: everything is followed again.
  }
  let hasChanged = false;
  return {
    get: (id) => (Object.hasOwn(nodes, id) ? nodes[id] : undefined),
    set: (id, node) => {
      nodes[id] = node;
      hasChanged = true;
    },
    getStatement: (sqlDigest) => statements[sqlDigest] ?? before[sqlDigest],
    setStatement: (sqlDigest, found) => {
      if (before[sqlDigest] !== found) hasChanged = true;
      statements[sqlDigest] = found;
    },
    save: () => {
      if (!hasChanged) return;
      const isAny = Object.keys(statements).length > 0;
      writeAtomically(file, JSON.stringify({ key, nodes, statements: isAny ? statements : before }));
      hasChanged = false;
    },
  };
}

/** Digests of what nodes' SQL is rendered of: their templates and configuration, every macro and variable, and the names of their parents' relations. */
export function templateDigests(project: Project, manifest: Manifest): (node: ExecutableNode) => string {
  let shared: string | undefined;
  const known = new Map<ExecutableNode, string>();
  return (node) => {
    const before = known.get(node);
    if (before !== undefined) return before;
    shared ??= digest([
      Object.values(manifest.macros).map((macro) => macro.macro_sql),
      project.root.vars,
      project.cliVars,
      project.packages.map((one) => one.vars),
    ]);
    const parents = node.depends_on.nodes.map(
      (id) => manifest.nodes[id]?.relation_name ?? manifest.sources[id]?.relation_name ?? manifest.nodes[id]?.raw_code,
    );
    const found = digest([shared, node.raw_code, node.config, node.relation_name, parents]);
    known.set(node, found);
    return found;
  };
}

/** A traced node as it is kept. */
export function cachedNode(
  template: string,
  sql: string,
  traced: TracedColumns,
  read: Readonly<Record<ResourceId, string>>,
): CachedNode {
  return { template, sql, sqlDigest: digest(sql), read, columns: traced.columns, isOrdered: traced.isOrdered };
}
