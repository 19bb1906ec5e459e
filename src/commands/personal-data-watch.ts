import { ChemflowError, throwAll } from '../error/index.js';
import type { ExecutableNode, ResourceId } from '../types/index.js';
import type { Prepared } from './prepare.js';

/** The watch over personal data in one command. */
export interface PersonalDataWatch {
  /**
   * Follows the SQL of the given nodes and of all that they read. `compile` gives SQL that is not known from an earlier command; a node whose template
   * cannot be rendered yet is left to `beforeBuild`. Throws everything that is wrong, together.
   */
  check(ids: readonly ResourceId[], compile: (id: ResourceId) => Promise<string>): Promise<void>;
  /** Follows the SQL with which a node is really built; throws where personal data would get out, or might. */
  readonly beforeBuild: (node: ExecutableNode, sql: string) => Promise<void>;
  /** Writes `target/lineage.json`, and what later commands need not follow again. */
  write(): Promise<void>;
}

/** The watch of a project that classifies personal data; undefined for any other, which then pays nothing. */
export async function watchPersonalData({
  project,
  manifest,
  graph,
  invocation,
}: Prepared): Promise<PersonalDataWatch | undefined> {
  if (project.root.kind !== 'chemflow') return undefined;
  const { openLineage, personalDataErrors, traceNodes, unclassifiedErrors, watchesPersonalData, writeLineage } =
    await import('../lineage/index.js');
  if (!watchesPersonalData(project, manifest)) return undefined;
  const lineage = openLineage(project, manifest);
  const withAncestors = (ids: readonly ResourceId[]): readonly ExecutableNode[] =>
    graph.order(ids.flatMap((id) => [id, ...graph.ancestors(id)])).flatMap((id) => manifest.nodes[id] ?? []);
  const errorsOf = (node: ExecutableNode): ChemflowError[] => personalDataErrors(project, manifest, lineage, node);
  return {
    check: async (ids, compile) => {
      const errors = unclassifiedErrors(manifest);
      const nodes = await traceNodes({
        lineage,
        ids,
        withAncestors,
        compile: async (id) => {
          try {
            return await compile(id);
          } catch (error) {
            // What reads a relation that this run is to build cannot be rendered before it.
            if (error instanceof ChemflowError && error.code !== 'RUN.INTERRUPTED') return undefined;
            throw error;
          }
        },
      });
      errors.push(...nodes.flatMap(errorsOf));
      lineage.save();
      throwAll(errors);
    },
    beforeBuild: async (node, sql) => {
      if (node.resource_type !== 'seed') await lineage.trace(node, sql);
      throwAll(errorsOf(node));
    },
    write: async () => {
      const others = graph.ids.filter((id) => {
        const type = manifest.nodes[id]?.resource_type;
        return (type === 'model' || type === 'snapshot') && lineage.relationOf(id) === undefined;
      });
      const compile = (): Promise<undefined> => Promise.resolve(undefined);
      if (others.length > 0) await traceNodes({ lineage, ids: others, withAncestors, compile });
      lineage.save();
      writeLineage({ project, manifest, lineage, invocation, ids: graph.ids });
    },
  };
}
