import type { Argv } from 'yargs';
import { ChemflowError, didYouMean, throwAll } from '../error/index.js';
import type { LineageBranch, RelationLineage } from '../lineage/index.js';
import { formatTable } from '../progress/index.js';
import type { ExecutableNode, ResourceId } from '../types/index.js';
import type { Command, GlobalOptions } from './command.js';
import { openRenderer, type OpenedRenderer } from './open-renderer.js';
import { prepare } from './prepare.js';

interface LineageCommandOptions extends GlobalOptions {
  readonly column: string;
  readonly upstream: boolean;
  readonly downstream: boolean;
  readonly depth?: number | undefined;
  readonly output: 'text' | 'json';
}

/** What stands behind a column in a tree: the kinds that it carries, and how it got here. */
function remarks(branch: LineageBranch): string {
  const kinds = branch.pii.length === 0 ? '' : `  [${branch.pii.join(', ')}]`;
  const { transformation, declassifiers } = branch;
  if (transformation === undefined || transformation === 'identity') return kinds;
  return `${kinds}  ${transformation === 'declassified' ? `declassified by ${declassifiers.join(', ')}` : transformation}`;
}

/** A tree in lines, as `tree` draws it. */
function treeLines(branch: LineageBranch, indent = ''): string[] {
  return branch.branches.flatMap((one, index) => {
    const isLast = index === branch.branches.length - 1;
    const line = `${indent}${isLast ? '└─ ' : '├─ '}${one.label}.${one.column}${remarks(one)}${one.repeated ? '  (see above)' : ''}`;
    return [line, ...treeLines(one, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}

/** The columns that one derives from, shortened where they are many. */
function derivation(branches: readonly LineageBranch[]): string {
  const words = branches.map((one) => `${one.label}.${one.column}${remarks({ ...one, pii: [] })}`);
  return words.length <= 3 ? words.join('; ') : `${words.slice(0, 3).join('; ')} and ${words.length - 3} more`;
}

function columnTable(relation: RelationLineage, trees: readonly LineageBranch[]): string {
  const rows = relation.columns.map((column, index) => [
    column.name,
    column.kinds.join(', '),
    derivation(trees[index]?.branches ?? []),
  ]);
  return formatTable(['column', 'personal data', 'derives from'], rows);
}

/** `chemflow lineage core.users.email_hash`: what a column derives from and what derives from it, through the SQL of the models; a model's name lists its columns. */
export const lineageCommand: Command<LineageCommandOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    parser
      .positional('column', { type: 'string', demandOption: true, describe: 'A column (core.users.email) or a model' })
      .options({
        upstream: { type: 'boolean', default: false, describe: 'What it derives from (the default)' },
        downstream: { type: 'boolean', default: false, describe: 'What derives from it' },
        depth: { type: 'number', describe: 'At most so many steps away' },
        output: { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Form of what is printed' },
      }) as unknown as Argv<LineageCommandOptions>,
  run: async (options, context) => {
    if (options.depth !== undefined && !(Number.isInteger(options.depth) && options.depth > 0))
      throw new ChemflowError({ code: 'CLI.USAGE', message: '--depth must be a whole number of at least 1.' });
    const prepared = await prepare(options, context, 'lineage');
    const { project, manifest, graph, invocation } = prepared;
    const { downstreamTree, findNamedColumn, openLineage, traceNodes, upstreamTree, writeLineage } =
      await import('../lineage/index.js');
    const { id, column } = findNamedColumn(manifest, options.column);
    const lineage = openLineage(project, manifest);
    let opened: OpenedRenderer | undefined;
    const errors: ChemflowError[] = [];
    const withAncestors = (ids: readonly ResourceId[]): readonly ExecutableNode[] =>
      graph.order(ids.flatMap((one) => [one, ...graph.ancestors(one)])).flatMap((one) => manifest.nodes[one] ?? []);
    const wanted = options.downstream ? graph.ids : [id];
    const compile = async (one: ResourceId): Promise<string | undefined> => {
      try {
        opened = await (opening ??= openRenderer(prepared, wanted, context));
        return (await opened.renderer.compile(one)).sql;
      } catch (error) {
        if (!(error instanceof ChemflowError)) throw error;
        errors.push(error);
        return undefined;
      }
    };
    let opening: Promise<OpenedRenderer> | undefined;
    try {
      await traceNodes({ lineage, ids: wanted, withAncestors, compile });
    } finally {
      await opened?.close();
    }
    throwAll(errors);
    lineage.save();
    writeLineage({ project, manifest, lineage, invocation, ids: graph.ids });
    const relation = lineage.relationOf(id);
    if (relation === undefined) throw new Error(`${id} was not traced.`);
    if (relation.problem !== undefined)
      throw new ChemflowError({
        code: 'LINEAGE.UNTRACEABLE',
        message: `What the columns of ${options.column} derive from cannot be told: ${relation.problem.message}`,
      });
    if (column !== undefined && !relation.columns.some(({ name }) => name === column))
      throw new ChemflowError({
        code: 'LINEAGE.UNKNOWN_COLUMN',
        message: `${options.column.slice(0, -column.length - 1)} has no column "${column}".`,
        hint:
          didYouMean(
            column,
            relation.columns.map(({ name }) => name),
          ) ?? `columns are ${relation.columns.map(({ name }) => name).join(', ')}`,
      });
    const isUp = options.upstream || !options.downstream;
    const up = (name: string): LineageBranch => upstreamTree(manifest, lineage, id, name, options.depth);
    const down = (name: string): LineageBranch => downstreamTree(manifest, lineage, graph.ids, id, name, options.depth);
    const names = column === undefined ? relation.columns.map(({ name }) => name) : [column];
    const { out } = context.terminal;
    if (options.output === 'json') {
      const entries = names.map((name) => {
        const { branches: upstream, ...root } = up(name);
        return {
          ...root,
          ...(isUp ? { upstream } : {}),
          ...(options.downstream ? { downstream: down(name).branches } : {}),
        };
      });
      out(JSON.stringify(column === undefined ? entries : entries[0], null, 2));
      return 0;
    }
    if (column === undefined && !options.downstream) {
      out(
        columnTable(
          relation,
          relation.columns.map(({ name }) => upstreamTree(manifest, lineage, id, name, 1)),
        ),
      );
      return 0;
    }
    for (const name of names) {
      const root = up(name);
      out(`${root.label}.${name}${remarks(root)}`);
      if (isUp) out(treeLines(root).join('\n') || '└─ (no column: constants, counts of rows and the like)');
      if (options.downstream) out(['downstream:', ...treeLines(down(name))].join('\n'));
    }
    return 0;
  },
};
