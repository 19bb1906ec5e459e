import type { BuildContext } from '../materializations/index.js';
import type { ExecutableNode, Hook } from '../types/index.js';
import { grantStatements } from './grants.js';
import { commentStatements } from './comments.js';

const hooks = (node: ExecutableNode, key: 'pre-hook' | 'post-hook', transaction: boolean): readonly Hook[] =>
  (node.config[key] as readonly Hook[] | undefined)?.filter((hook) => hook.transaction === transaction) ?? [];

/** The hooks of a node by when they run. */
export function hooksOf(node: ExecutableNode): {
  readonly before: readonly Hook[];
  readonly begun: readonly Hook[];
  readonly ending: readonly Hook[];
  readonly after: readonly Hook[];
} {
  return {
    before: hooks(node, 'pre-hook', false),
    begun: hooks(node, 'pre-hook', true),
    ending: hooks(node, 'post-hook', true),
    after: hooks(node, 'post-hook', false),
  };
}

/** Renders and sends hooks, one after the other; one that renders to nothing is passed over. Resolves to the last one's SQL where that is left to be sent. */
export async function runHooks(
  context: BuildContext,
  list: readonly Hook[],
  when: 'pre-hook' | 'post-hook',
  leavesLast = false,
): Promise<string | undefined> {
  for (const [index, hook] of list.entries()) {
    const sql = (await context.renderer.renderText(context.node.unique_id, hook.sql)).trim();
    if (sql === '') continue;
    await context.beforeHook(sql, when);
    if (leavesLast && index === list.length - 1) return sql;
    await context.run(sql);
  }
  return undefined;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** Is the node's state row to be written in the transaction of its data? */
export function keepsState(node: ExecutableNode): boolean {
  return node.resource_type === 'snapshot' || node.config.materialized === 'incremental';
}

/** What is still to be sent of a node's end, in one round trip with the commit. */
export interface LastStatements {
  /** The state row, which is no part of the node's own script. */
  readonly state: string | undefined;
  readonly sql: string | undefined;
}

/**
 * What ends a node's publishing transaction: rights, comments, hooks that belong in the transaction, and the state row of what is built up over runs, of
 * which the last is left to be sent. Undefined where there is none of it, so that publishing can be a single round trip.
 */
export function finishingOf(
  context: BuildContext,
  stateRow: (() => string | undefined) | undefined,
): (() => Promise<LastStatements>) | undefined {
  const { node } = context;
  const { ending } = hooksOf(node);
  const hasGrants = !isEmpty(node.config.grants);
  const hasDocs = !isEmpty(node.config.persist_docs);
  if (ending.length === 0 && !hasGrants && !hasDocs && stateRow === undefined) return undefined;
  return async () => {
    const statements = [
      ...(hasGrants ? await grantStatements(context) : []),
      ...(hasDocs ? await commentStatements(context) : []),
    ];
    if (statements.length > 0) await context.run(statements.join(';\n'));
    const sql = await runHooks(context, ending, 'post-hook', true);
    return { state: stateRow?.(), sql };
  };
}
