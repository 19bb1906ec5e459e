import { ChemflowError, throwAll } from '../error/index.js';
import type { ExecutableNode, Manifest, PrivacyConfig, Project, ResourceId } from '../types/index.js';
import { declaredLineage, declaresLineage, seedLineage, sourceLineage } from './declared-relations.js';
import { readDeclassifier, type Declassifier } from './declassifiers.js';
import { declaredKinds, kindsThrough, takenKinds, unclassified } from './kinds.js';
import { cachedNode, digest, openLineageCache, templateDigests } from './lineage-cache.js';
import { loadBlockParser, loadParser, type ParseBlock, type ParseSql } from './parse-sql.js';
import type { Origin } from './origins.js';
import type { ColumnLineage } from './query-lineage.js';
import type { KnownRelation } from './query-types.js';
import type { RelationColumn, RelationLineage } from './relation-lineage.js';
import { statementWrites, type Written } from './statement-writes.js';
import { ownRelation, traceNode, type TracedColumns } from './trace-node.js';

/** The column lineage of a project as far as it is known. */
export interface Lineage {
  /** A source table or a seed, or a node that was traced; undefined before that. */
  relationOf(id: ResourceId): RelationLineage | undefined;
  /**
   * Follows a node's compiled SQL; what it reads must have been traced before. The cache answers for SQL that it knows. With `awaited`, a node of the
   * project that was not traced yet is taken as one without personal data for now, and put there.
   */
  trace(node: ExecutableNode, sql: string, awaited?: Set<ResourceId>): Promise<RelationLineage>;
  /**
   * Follows statements that are no model's: what they write, and what that derives from. Relations that they read and that were not traced yet are told in
   * `missing` before Untraceable is thrown.
   */
  follow(sql: string, missing: Set<ResourceId>): Promise<readonly Written[]>;
  /** The node, seed or source of a name in SQL. */
  idOf(relation: { readonly schema: string | undefined; readonly name: string }): ResourceId | undefined;
  /** The SQL that a node had when it was traced last, where its template is as it was then; undefined where it has to be compiled. */
  knownSql(node: ExecutableNode): string | undefined;
  /** Writes what was found to `target/lineage_cache.json`. */
  save(): void;
}

const noPrivacy: PrivacyConfig = { allowedIn: [], declassifiers: [], functions: [], trustsOperations: false };

/** Does a project watch personal data? A chemflow.yml project does as soon as it has `privacy:` or classifies a column of a source. */
export function watchesPersonalData(project: Project, manifest: Manifest): boolean {
  if (project.root.kind !== 'chemflow') return false;
  if (project.root.privacy !== undefined) return true;
  return Object.values(manifest.sources).some((table) =>
    Object.values(table.columns).some((column) => (declaredKinds(column.meta) ?? []).length > 0),
  );
}

/** Opens the lineage of a project; nothing is parsed before it has to be. */
export function openLineage(project: Project, manifest: Manifest): Lineage {
  const privacy = project.root.privacy ?? noPrivacy;
  const silent = watchesPersonalData(project, manifest) ? [unclassified] : [];
  const cache = openLineageCache(project);
  const templateOf = templateDigests(project, manifest);
  const taken = takenKinds(privacy.declassifiers);
  const functions = new Set(privacy.functions);
  const relations = new Map<ResourceId, RelationLineage>();
  const names = relationNames(manifest);
  let grammar: ReturnType<typeof openGrammar> | undefined;

  const relationOf = (id: ResourceId): RelationLineage | undefined => {
    const known = relations.get(id);
    if (known !== undefined) return known;
    const table = manifest.sources[id];
    const node = manifest.nodes[id];
    const found =
      table !== undefined
        ? sourceLineage(table, silent)
        : node?.resource_type === 'seed'
          ? seedLineage(node)
          : node !== undefined && declaresLineage(node)
            ? declaredLineage(node)
            : undefined;
    if (found !== undefined) relations.set(id, found);
    return found;
  };

  /** A traced node with the kinds that its columns carry. */
  const settle = (
    node: ExecutableNode,
    sql: string,
    traced: TracedColumns,
    awaited?: ReadonlySet<ResourceId>,
  ): RelationLineage => {
    const forNow = (id: ResourceId): RelationLineage | undefined =>
      relationOf(id) ??
      (awaited?.has(id) === true ? { id, how: 'followed', columns: [], isOrdered: false } : undefined);
    const columns = traced.columns.map((column): RelationColumn => {
      const declared = declaredKinds(node.columns[column.name]?.meta ?? {}) ?? [];
      const through = column.origins.flatMap((origin) => kindsThrough(origin, forNow, taken));
      return { ...column, declared, kinds: [...new Set([...through, ...declared])].sort() };
    });
    const { isOrdered, problem } = traced;
    const relation: RelationLineage = { id: node.unique_id, how: 'followed', columns, isOrdered, problem, sql };
    relations.set(node.unique_id, relation);
    return relation;
  };

  /** What a query that reads the relation goes by. */
  const shapeOf = (relation: RelationLineage): KnownRelation => ({
    id: relation.id,
    columns: relation.columns.map(({ name }) => name).filter((name) => name !== '*'),
    isOpen: relation.problem !== undefined || relation.columns.some(({ name }) => name === '*'),
    isOrdered: relation.isOrdered,
  });

  const digests = new WeakMap<RelationLineage, string>();
  const shapeDigest = (relation: RelationLineage): string => {
    const known = digests.get(relation) ?? digest(shapeOf(relation));
    digests.set(relation, known);
    return known;
  };
  /** Are the relations that SQL read what they were? With `awaited`, those that were not traced yet are put there and taken as unchanged for now. */
  const isCurrent = (
    read: Readonly<Record<ResourceId, string>>,
    itself?: ResourceId,
    awaited?: Set<ResourceId>,
  ): boolean =>
    Object.entries(read).every(([id, shape]) => {
      if (id === itself) return true;
      const relation = relationOf(id);
      if (relation !== undefined) return shapeDigest(relation) === shape;
      if (awaited === undefined || manifest.nodes[id] === undefined) return false;
      awaited.add(id);
      return true;
    });

  const idOf: Lineage['idOf'] = ({ schema, name }) => names.get([schema ?? project.target.schema, name].join('\0'));

  return {
    relationOf,
    idOf,
    follow: async (sql, missing) => {
      const key = digest(sql);
      const cached = cache.getStatement(key);
      if (cached !== undefined && isCurrent(cached.read)) {
        cache.setStatement(key, cached);
        return cached.written;
      }
      for (const id of Object.keys(cached?.read ?? {})) if (relationOf(id) === undefined) missing.add(id);
      grammar ??= openGrammar(privacy);
      const { parse, parseBlock, declassifiers } = await grammar;
      const read: Record<ResourceId, string> = {};
      const findRelation = (name: RelationName): KnownRelation | undefined => {
        const id = idOf({ schema: name.schema, name: name.name });
        const relation = id === undefined ? undefined : relationOf(id);
        if (id !== undefined && relation === undefined) missing.add(id);
        if (id === undefined || relation === undefined) return undefined;
        const database = manifest.nodes[id]?.database ?? manifest.sources[id]?.database;
        if (name.database !== undefined && name.database !== database) return undefined;
        const shape = shapeOf(relation);
        read[id] = shapeDigest(relation);
        return shape;
      };
      const orderedColumns = ({ schema, name }: RelationName): readonly string[] | undefined => {
        const known = findRelation({ schema, name });
        return known?.isOrdered === true && !known.isOpen ? known.columns : undefined;
      };
      const written = statementWrites(sql, {
        parse,
        parseBlock,
        findRelation,
        orderedColumns,
        declassifiers,
        functions,
      });
      cache.setStatement(key, { read, written });
      return written;
    },
    knownSql: (node) => {
      const cached = cache.get(node.unique_id);
      return cached?.template === templateOf(node) ? cached.sql : undefined;
    },
    trace: async (node, sql, awaited) => {
      if (declaresLineage(node)) return relationOf(node.unique_id) ?? declaredLineage(node);
      const cached = cache.get(node.unique_id);
      const template = templateOf(node);
      if (cached !== undefined && cached.sqlDigest === digest(sql) && isCurrent(cached.read, node.unique_id, awaited)) {
        if (cached.template !== template) cache.set(node.unique_id, { ...cached, template });
        return settle(node, sql, cached, awaited);
      }
      grammar ??= openGrammar(privacy);
      const { parse, declassifiers } = await grammar;
      const before: readonly ColumnLineage[] = cached?.columns ?? [];
      const read: Record<ResourceId, string> = {};
      const findRelation = (name: RelationName): KnownRelation | undefined => {
        const id = idOf({ schema: name.schema, name: name.name });
        if (id === undefined) return undefined;
        const database = manifest.nodes[id]?.database ?? manifest.sources[id]?.database;
        if (name.database !== undefined && name.database !== database) return undefined;
        if (id === node.unique_id) {
          read[id] = '';
          return ownRelation(node, before);
        }
        const relation = relationOf(id);
        if (relation === undefined) {
          if (awaited === undefined) return undefined;
          awaited.add(id);
          return ownRelation(manifest.nodes[id] ?? node, []);
        }
        const shape = shapeOf(relation);
        read[id] = shapeDigest(relation);
        return shape;
      };
      const isAwaited = ({ relation }: Origin): boolean => awaited?.has(relation) === true;
      const traced = traceNode(node, sql, { parse, findRelation, declassifiers, functions }, before);
      const isKnown = traced.problem === undefined && !traced.columns.some((column) => column.origins.some(isAwaited));
      if (isKnown) cache.set(node.unique_id, cachedNode(template, sql, traced, read));
      return settle(node, sql, traced, awaited);
    },
    save: () => {
      cache.save();
    },
  };
}

/** A relation as SQL names it. */
interface RelationName {
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  readonly name: string;
}

/** Ids of relations by schema and name. */
function relationNames(manifest: Manifest): ReadonlyMap<string, ResourceId> {
  const names = new Map<string, ResourceId>();
  for (const node of Object.values(manifest.nodes))
    if (node.relation_name !== null && ['model', 'seed', 'snapshot'].includes(node.resource_type))
      names.set([node.schema, node.alias].join('\0'), node.unique_id);
  for (const table of Object.values(manifest.sources))
    names.set([table.schema, table.identifier].join('\0'), table.unique_id);
  return names;
}

async function openGrammar(privacy: PrivacyConfig): Promise<{
  readonly parse: ParseSql;
  readonly parseBlock: ParseBlock;
  readonly declassifiers: readonly Declassifier[];
}> {
  const parse = await loadParser();
  const parseBlock = await loadBlockParser();
  const errors: ChemflowError[] = [];
  const declassifiers = privacy.declassifiers.flatMap(({ name, expression, place }) => {
    const found = readDeclassifier(parse, name, expression);
    if (typeof found !== 'string') return [found];
    errors.push(
      new ChemflowError({
        code: 'CONFIG.DECLASSIFIER',
        message: `The declassifier "${name}" is no expression to be recognized: ${found}.`,
        hint: 'write the SQL expression with $1 for what goes into it, like count($1)',
        place,
      }),
    );
    return [];
  });
  throwAll(errors);
  return { parse, parseBlock, declassifiers };
}
