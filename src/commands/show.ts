import type { Argv } from 'yargs';
import { ChemflowError } from '../error/index.js';
import { formatTable } from '../progress/index.js';
import type { QueryResult, ResourceId } from '../types/index.js';
import type { Command, GlobalOptions } from './command.js';
import { withInlineNode } from './inline-node.js';
import { openRenderer } from './open-renderer.js';
import { prepare, select, type Prepared } from './prepare.js';
import { withSelection, type SelectionOptions } from './selection-options.js';

interface ShowOptions extends SelectionOptions {
  readonly inline?: string | undefined;
  readonly limit: number;
  readonly output: 'text' | 'json';
}

/** Control characters would break the table; a cell is cut at 60 characters. */
function cell(value: string | null): string {
  if (value === null) return '';
  const flat = value.replaceAll(/\p{Cc}/gu, ' ');
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat;
}

function print(name: string, result: QueryResult, options: ShowOptions): string {
  const head = result.columns.map((column) => column.name);
  if (options.output === 'json') {
    const rows = result.rows.map((row) =>
      Object.fromEntries(head.map((column, index) => [column, row[index] ?? null])),
    );
    return JSON.stringify({ node: name, show: rows }, null, 2);
  }
  return formatTable(
    head,
    result.rows.map((row) => row.map(cell)),
  );
}

/** What was selected without the tests that only came with it; tests alone are shown. */
function withoutTheirTests({ manifest }: Prepared, ids: readonly ResourceId[]): readonly ResourceId[] {
  const others = ids.filter((id) => manifest.nodes[id]?.resource_type !== 'test');
  return others.length > 0 ? others : ids;
}

/** `chemflow show`: the first rows of a model's query, or of --inline SQL; nothing is built. */
export const showCommand: Command<ShowOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    withSelection(parser).options({
      inline: { type: 'string', describe: `SQL to show: "select * from {{ ref('orders') }}"` },
      limit: { type: 'number', default: 5, describe: 'How many rows; -1 for all' },
      output: { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Form of the rows' },
    }) as unknown as Argv<ShowOptions>,
  run: async (options, context) => {
    if (!Number.isInteger(options.limit))
      throw new ChemflowError({ code: 'CLI.USAGE', message: '--limit must be a whole number.' });
    let prepared: Prepared = await prepare(options, context, 'show');
    let chosen: readonly ResourceId[];
    if (options.inline !== undefined) {
      const inline = withInlineNode(prepared.manifest, prepared.project, options.inline);
      prepared = { ...prepared, manifest: inline.manifest };
      chosen = [inline.id];
    } else if (options.select.length > 0)
      chosen = withoutTheirTests(
        prepared,
        select(prepared, options, context, ['model', 'seed', 'snapshot', 'test', 'analysis']),
      );
    else
      throw new ChemflowError({
        code: 'CLI.USAGE',
        message: 'show needs to know what to show.',
        hint: 'chemflow show --select orders, or --inline "select 1"',
      });
    const opened = await openRenderer(prepared, chosen, context);
    try {
      for (const id of chosen) {
        const node = prepared.manifest.nodes[id];
        if (node === undefined) continue;
        const sql =
          node.resource_type === 'seed'
            ? `select * from ${node.relation_name ?? ''}`
            : (await opened.renderer.compile(id)).sql;
        const limited = options.limit < 0 ? sql : `select * from (\n${sql}\n) as chemflow_show limit ${options.limit}`;
        const result = await opened.warehouse.adapter.withSession((session) => session.query(limited));
        if (chosen.length > 1 && options.output === 'text') context.terminal.out(`\n${node.name}`);
        context.terminal.out(print(node.name, result, options));
      }
      return 0;
    } finally {
      await opened.close();
    }
  },
};
