import type { BuildContext } from '../materializations/index.js';
import type { ExecutableNode, Hook, RunResult } from '../types/index.js';
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

/** Renders and sends hooks, one after the other; one that renders to nothing is passed over. */
export async function runHooks(
  context: BuildContext,
  list: readonly Hook[],
  when: 'pre-hook' | 'post-hook',
): Promise<void> {
  for (const hook of list) {
    const sql = (await context.renderer.renderText(context.node.unique_id, hook.sql)).trim();
    if (sql === '') continue;
    await context.beforeHook(sql, when);
    await context.run(sql);
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** Is the node's state row to be written in the transaction of its data? */
export function keepsState(node: ExecutableNode): boolean {
  return node.resource_type === 'snapshot' || node.config.materialized === 'incremental';
}

/**
 * What ends a node's publishing transaction: rights, comments, hooks that belong in the transaction, and the state row of what is built up over runs.
 * Undefined where there is none of it, so that publishing can be a single round trip.
 */
export function finishingOf(
  context: BuildContext,
  record: (() => Promise<RunResult>) | undefined,
): (() => Promise<void>) | undefined {
  const { node } = context;
  const { ending } = hooksOf(node);
  const hasGrants = !isEmpty(node.config.grants);
  const hasDocs = !isEmpty(node.config.persist_docs);
  if (ending.length === 0 && !hasGrants && !hasDocs && record === undefined) return undefined;
  return async () => {
    const statements = [
      ...(hasGrants ? await grantStatements(context) : []),
      ...(hasDocs ? await commentStatements(context) : []),
    ];
    if (statements.length > 0) await context.run(statements.join(';\n'));
    await runHooks(context, ending, 'post-hook');
    await record?.();
  };
}
