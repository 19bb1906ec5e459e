import { ChemflowError, throwAll } from '../error/index.js';
import { customMaterialization } from '../materializations/index.js';
import type { DataTest, ExecutableNode, ResourceId } from '../types/index.js';
import type { Prepared } from './prepare.js';

/** The watch over personal data in one command. */
export interface PersonalDataWatch {
  /**
   * Follows the SQL of the given nodes and of all that they read. A node whose template cannot be rendered yet is left to `beforeBuild`. Throws everything
   * that is wrong, together.
   */
  check(ids: readonly ResourceId[]): Promise<void>;
  /** Follows the SQL with which a node is really built; throws where personal data would get out, or might. */
  readonly beforeBuild: (node: ExecutableNode, sql: string) => Promise<void>;
  /** Follows hooks and operations as they are really sent; throws where they carry personal data out, or might. */
  readonly beforeStatements: (sent: {
    readonly node: ExecutableNode;
    readonly what: string;
    readonly sql: string;
  }) => Promise<void>;
  /** Why the failing rows of a test may not be kept; undefined where they may. */
  readonly whyNotStored: (test: DataTest, sql: string) => Promise<string | undefined>;
  /** Writes `target/lineage.json`, and what later commands need not follow again. */
  write(): Promise<void>;
}

/** Gives the SQL of nodes that is not known from an earlier command: opened for each need, and closed after it. */
export type OpenCompiler = () => { readonly compile: (id: ResourceId) => Promise<string>; close(): Promise<void> };

/** The watch of a project that classifies personal data; undefined for any other, which then pays nothing. */
export async function watchPersonalData(
  { project, manifest, graph, invocation }: Prepared,
  openCompiler: OpenCompiler,
): Promise<PersonalDataWatch | undefined> {
  if (project.root.kind !== 'chemflow') return undefined;
  const lineages = await import('../lineage/index.js');
  if (!lineages.watchesPersonalData(project, manifest)) return undefined;
  const lineage = lineages.openLineage(project, manifest);
  const withAncestors = (ids: readonly ResourceId[]): readonly ExecutableNode[] =>
    graph.order(ids.flatMap((id) => [id, ...graph.ancestors(id)])).flatMap((id) => manifest.nodes[id] ?? []);
  const trace = async (ids: readonly ResourceId[]): Promise<readonly ExecutableNode[]> => {
    const compiler = openCompiler();
    try {
      return await lineages.traceNodes({
        lineage,
        ids,
        withAncestors,
        compile: async (id) => {
          try {
            return await compiler.compile(id);
          } catch (error) {
            // What reads a relation that this run is to build cannot be rendered before it.
            if (error instanceof ChemflowError && error.code !== 'RUN.INTERRUPTED') return undefined;
            throw error;
          }
        },
      });
    } finally {
      await compiler.close();
    }
  };
  const traced = async (ids: readonly ResourceId[]): Promise<void> => {
    await trace(ids);
  };
  const errorsOf = (node: ExecutableNode): ChemflowError[] => [
    ...lineages.personalDataErrors(project, manifest, lineage, node),
    ...(['model', 'seed', 'snapshot'].includes(node.resource_type) &&
    customMaterialization(manifest, project, node) !== undefined &&
    !lineages.declaresLineage(node)
      ? [materializationError(node)]
      : []),
  ];
  return {
    check: async (ids) => {
      const errors = lineages.unclassifiedErrors(manifest);
      const nodes = await trace(ids);
      errors.push(...nodes.flatMap(errorsOf));
      lineage.save();
      throwAll(errors);
    },
    beforeBuild: async (node, sql) => {
      if (node.resource_type !== 'seed') await lineage.trace(node, sql);
      throwAll(errorsOf(node));
    },
    beforeStatements: async (sent) => {
      const isTrusted =
        sent.node.resource_type === 'operation'
          ? project.root.privacy?.trustsOperations === true
          : (sent.node.config.meta['hooks'] ?? sent.node.meta['hooks']) === 'declared';
      if (!isTrusted) throwAll(await lineages.statementErrors(project, manifest, lineage, sent, traced));
    },
    whyNotStored: async (test, sql) => {
      if (lineages.mayHoldPersonalData(project, test) || lineages.declaresLineage(test)) return undefined;
      const kinds = await lineages.storedKinds(project, lineage, sql, traced);
      if (kinds === undefined) return 'whether they hold personal data cannot be told';
      return kinds.length === 0 ? undefined : `they hold ${kinds.join(', ')}`;
    },
    write: async () => {
      const others = graph.ids.filter((id) => {
        const type = manifest.nodes[id]?.resource_type;
        return (type === 'model' || type === 'snapshot') && lineage.relationOf(id) === undefined;
      });
      const compile = (): Promise<undefined> => Promise.resolve(undefined);
      if (others.length > 0) await lineages.traceNodes({ lineage, ids: others, withAncestors, compile });
      lineage.save();
      lineages.writeLineage({ project, manifest, lineage, invocation, ids: graph.ids });
    },
  };
}

function materializationError(node: ExecutableNode): ChemflowError {
  return new ChemflowError({
    code: 'LINEAGE.UNTRACEABLE',
    message: `${node.name} is built by a materialization written in Jinja (${node.config.materialized}), whose statements nobody follows.`,
    hint: "build it with one of chemflow's, or declare the model's columns: meta: { lineage: declared } on it, and meta: { pii: none } or the kind on each column",
    place: { file: node.original_file_path, line: node.line, column: 1 },
  });
}
