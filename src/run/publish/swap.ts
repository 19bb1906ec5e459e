import { quoteIdentifier } from '../../util/sql-text.js';
import { suffixedName } from '../../util/identifier-length.js';
import { carryOver, kindWord, qualified, replaceView } from './carry-over.js';
import type { DependentView, InspectedRelation } from './inspect.js';
import { brokenColumns, type IsPending } from './obstacles.js';
import type { RetiredRelation } from './publishing.js';

/** One relation that takes another's place: `old` still has the name, `fresh` its build name. */
export interface Swap {
  readonly old: InspectedRelation;
  readonly fresh: InspectedRelation;
  /** Names that the build's indexes are to have, by the names they have. */
  readonly indexNames: ReadonlyMap<string, string>;
  /** Are rights, comments and the like to be taken from the old relation? */
  readonly carries: boolean;
}

/** What a swap comes down to. */
export interface SwapPlan {
  readonly statements: readonly string[];
  /** Old relations that stay under another name, because relations that this run rebuilds later still read them. */
  readonly retired: readonly RetiredRelation[];
}

const retiredPattern = /^(.*)__chemflow_old_\d+$/;

/** The name of an old relation that has to outlive its replacement for a while. */
export function retiredName(old: InspectedRelation): string {
  return suffixedName(old.name, `__chemflow_old_${old.oid}`);
}

/** The name that a retired relation had, or undefined for any other name. */
export function nameBeforeRetirement(name: string): string | undefined {
  return retiredPattern.exec(name)?.[1];
}

/** Does the view stay on the old relation until its own turn in this run? */
export function staysOnOld(view: DependentView, swap: Swap, isPending: IsPending): boolean {
  if (!isPending(view)) return false;
  return view.kind === 'materialized_view' || brokenColumns(view, swap.old, swap.fresh.columns).length > 0;
}

/**
 * The statements of the short transaction: every old relation is renamed away, every build gets its name, the views on them are pointed at the new
 * relations, the old ones are dropped and what hung on them is made again. Materialized views among the dependents must be swaps of their own or pending.
 */
export function planSwaps(swaps: readonly Swap[], isPending: IsPending): SwapPlan {
  const swapped = new Set(swaps.map((swap) => swap.old.oid));
  const views = new Map<string, DependentView>();
  const keeps = new Map<string, DependentView[]>();
  for (const swap of swaps) {
    for (const view of swap.old.views) {
      if (swapped.has(view.oid)) continue;
      if (staysOnOld(view, swap, isPending)) keeps.set(swap.old.oid, [...(keeps.get(swap.old.oid) ?? []), view]);
      else views.set(view.oid, view);
    }
  }
  const renames = swaps.flatMap(({ old, fresh }) => [
    `alter ${kindWord(old.kind)} ${qualified(old)} rename to ${quoteIdentifier(retiredName(old))}`,
    `alter ${kindWord(fresh.kind)} ${qualified(fresh)} rename to ${quoteIdentifier(old.name)}`,
  ]);
  const ends = swaps
    .toReversed()
    .flatMap(({ old }) =>
      keeps.has(old.oid)
        ? old.indexes.map(
            (index) =>
              `alter index ${quoteIdentifier(old.schema)}.${quoteIdentifier(index.name)} rename to ${quoteIdentifier(suffixedName(index.name, `_${old.oid}`))}`,
          )
        : [`drop ${kindWord(old.kind)} ${quoteIdentifier(old.schema)}.${quoteIdentifier(retiredName(old))}`],
    );
  const beginnings = swaps.flatMap(({ old, fresh, indexNames, carries }) => [
    ...[...indexNames].map(
      ([from, to]) =>
        `alter index ${quoteIdentifier(fresh.schema)}.${quoteIdentifier(from)} rename to ${quoteIdentifier(to)}`,
    ),
    ...(carries ? carryOver(old, fresh) : []),
  ]);
  return {
    statements: [...renames, ...[...views.values()].map(replaceView), ...ends, ...beginnings],
    retired: swaps
      .filter(({ old }) => keeps.has(old.oid))
      .map(({ old }) => ({
        schema: old.schema,
        identifier: retiredName(old),
        kind: old.kind === 'other' ? 'table' : old.kind,
        name: old.name,
        readers: (keeps.get(old.oid) ?? []).map(({ schema, name }) => ({ schema, name })),
      })),
  };
}
