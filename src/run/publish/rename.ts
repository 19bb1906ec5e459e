import { ChemflowError } from '../../error/index.js';
import { buildIndexName } from '../../materializations/index.js';
import type { PublishRequest } from '../../materializations/index.js';
import type { CatalogRelation } from '../../types/index.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { inspectRelations, restoringNames, type InspectedRelation } from './inspect.js';
import { buildDependentsAside, dropNestedBuild, oidOf, type SwapNames } from './nested-swaps.js';
import { lostDependents, renameObstacles } from './obstacles.js';
import type { NodePublishing } from './publishing.js';
import { isLocked, lockTimeout, longPatience, retryLocked, shortPatience } from './locks.js';
import { planSwaps, staysOnOld, type Swap, type SwapPlan } from './swap.js';

/** A relation and the build that is to take its place. */
export interface Pair {
  readonly old: InspectedRelation;
  readonly fresh: InspectedRelation;
}

/** What renaming needs of the node's publisher. */
export interface RenamingTools extends Pick<
  NodePublishing,
  'publishing' | 'session' | 'run' | 'note' | 'isInTransaction'
> {
  readonly begin: () => readonly string[];
  readonly rollback: () => Promise<void>;
  readonly commit: (statements: readonly string[], before?: string) => Promise<void>;
  readonly inspectPair: (request: PublishRequest) => Promise<Pair | undefined>;
}

/** A view that CREATE OR REPLACE refuses, and what still hangs on a relation that is dropped. */
const refusedStates = new Set(['SQL.42P16', 'SQL.2BP01', 'SQL.42804', 'SQL.0A000', 'SQL.42501']);
/** The relation is gone, or is of another kind than the run remembers. */
const changedStates = new Set(['SQL.42P01', 'SQL.42809']);

const hasState = (error: unknown, states: ReadonlySet<string>): boolean =>
  error instanceof ChemflowError && states.has(error.code);

/** Could the swap not be made, or not now, so that another way is worth a try? */
export function isRefused(error: unknown): boolean {
  return isLocked(error) || hasState(error, refusedStates);
}

const wentAway = (name: string): ChemflowError =>
  new ChemflowError({ code: 'SQL.42P01', message: `${name} went away while it was published` });

/** Publishes by renaming: `atOnce` in the usual case, `byRename` with all that hangs on the relation. */
export function createRenaming(tools: RenamingTools): {
  readonly atOnce: (request: PublishRequest, existing: CatalogRelation) => Promise<boolean>;
  readonly byRename: (request: PublishRequest, pair: Pair) => Promise<void>;
} {
  const { publishing, session, run, begin, rollback, commit, inspectPair } = tools;

  /**
   * The short transaction: locks, reads again what hangs on the relations, swaps. Undefined where a materialized view hangs on them that is not among the
   * swaps, or where `isWanted` refuses a swap; then nothing has happened.
   */
  const swapOnce = async (
    names: readonly SwapNames[],
    isTable: boolean,
    isWanted?: (swap: Swap) => boolean,
  ): Promise<SwapPlan | undefined> => {
    const [first] = names;
    if (first === undefined) throw new Error('a swap of nothing');
    const oids = names.flatMap((swap) => [oidOf(swap.schema, swap.old), oidOf(swap.schema, swap.fresh)]);
    const before = [
      ...begin(),
      lockTimeout,
      ...(isTable
        ? [
            `lock table ${quoteIdentifier(first.schema)}.${quoteIdentifier(first.old)} in access exclusive mode${isWanted === undefined ? '' : ' nowait'}`,
          ]
        : []),
    ];
    try {
      const found = await inspectRelations(session, oids, before);
      const swaps = names.map((swap) => {
        const [old, fresh] = [swap.old, swap.fresh].map((name) =>
          found.find((relation) => relation.schema === swap.schema && relation.name === name),
        );
        if (old === undefined || fresh === undefined) throw wentAway(swap.old);
        return { old, fresh, indexNames: swap.indexNames, carries: true };
      });
      const covered = new Set(swaps.map((swap) => swap.old.oid));
      const isUncovered = swaps.some((swap) =>
        swap.old.views.some(
          (view) =>
            view.kind === 'materialized_view' &&
            !covered.has(view.oid) &&
            !staysOnOld(view, swap, publishing.isPending),
        ),
      );
      if (isUncovered || (isWanted !== undefined && !swaps.every(isWanted))) {
        await rollback();
        return undefined;
      }
      const plan = planSwaps(swaps, publishing.isPending);
      if (!tools.isInTransaction()) tools.note('begin');
      await commit(plan.statements, restoringNames);
      return plan;
    } catch (error) {
      await rollback().catch(() => undefined);
      throw error;
    }
  };

  const namesOf = (request: PublishRequest): SwapNames => ({
    schema: request.target.schema,
    old: request.target.identifier,
    fresh: request.build.identifier,
    indexNames: new Map(request.indexes.map((index) => [buildIndexName(index.name), index.name])),
  });

  const rememberRetired = (plan: SwapPlan): void => {
    for (const retired of plan.retired) publishing.retired.set(`${retired.schema}.${retired.identifier}`, retired);
  };

  /**
   * The usual case in one transaction without a look before it: nobody is in the way, and nothing hangs on the old relation that would not live on. It
   * waits for no lock, so that no reader waits behind it. False where that is not so; then nothing has happened.
   */
  const atOnce = async (request: PublishRequest, existing: CatalogRelation): Promise<boolean> => {
    const isUsual = ({ old, fresh }: Swap): boolean =>
      renameObstacles(old).length === 0 &&
      lostDependents(old, request.buildType, fresh.columns, publishing.isPending).length === 0 &&
      fresh.olderReaders.length === 0;
    try {
      const isTable = existing.type !== 'materialized_view';
      const plan = await publishing.exclusively(() => swapOnce([namesOf(request)], isTable, isUsual));
      if (plan === undefined) return false;
      rememberRetired(plan);
      return true;
    } catch (error) {
      if (isRefused(error) || hasState(error, changedStates)) return false;
      throw error;
    }
  };

  const byRename = async (request: PublishRequest, pair: Pair): Promise<void> => {
    const own = namesOf(request);
    const kinds = { old: pair.old.kind, fresh: pair.fresh.kind };
    const isLockable = pair.old.kind !== 'materialized_view';
    const canBeInPlace = pair.old.kind === 'table' && pair.fresh.kind === 'table';
    const patience = canBeInPlace ? shortPatience : longPatience;
    const swap = (names: readonly SwapNames[]): Promise<SwapPlan | undefined> =>
      publishing.exclusively(() => swapOnce(names, isLockable));
    let plan: SwapPlan | undefined;
    let dependents = pair.old;
    while (plan === undefined) {
      const nested = await buildDependentsAside(publishing, session, run, own, kinds, dependents);
      try {
        plan = await retryLocked(() => swap([own, ...nested]), patience, publishing.stopped);
      } finally {
        if (plan === undefined) for (const build of nested.toReversed()) await dropNestedBuild(session, build);
      }
      if (plan === undefined) dependents = (await inspectPair(request))?.old ?? pair.old;
    }
    rememberRetired(plan);
  };

  return { atOnce, byRename };
}
