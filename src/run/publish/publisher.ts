import { ChemflowError } from '../../error/index.js';
import { buildIndexName, renderRelation } from '../../materializations/index.js';
import type {
  BuildContext,
  Publication,
  PublishRequest,
  Publisher,
  StatementOutcome,
} from '../../materializations/index.js';
import type { CatalogRelation, Relation, RelationType, Session } from '../../types/index.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { kindWord, qualified } from './carry-over.js';
import { alignColumns, replaceRows } from './in-place.js';
import { inspectRelations, restoringNames, type InspectedRelation } from './inspect.js';
import {
  buildDependentsAside,
  dropBuild,
  dropNestedBuild,
  existingOid,
  oidOf,
  type SwapNames,
} from './nested-swaps.js';
import { dependentsError, lostDependents, renameObstacles, toNewColumns } from './obstacles.js';
import type { Publishing } from './publishing.js';
import { isLocked, lockTimeout, longPatience, retryLocked, shortPatience } from './locks.js';
import { planSwaps, staysOnOld, type Swap, type SwapPlan } from './swap.js';

/** What one node's publisher needs of the node's run. */
export interface NodePublishing {
  readonly publishing: Publishing;
  readonly session: Session;
  readonly nodeName: string;
  readonly run: BuildContext['run'];
  readonly note: BuildContext['note'];
  readonly warn: BuildContext['warn'];
  /** Is the whole node in one transaction (hooks want it so)? Then publishing neither begins nor commits. */
  readonly isInTransaction: () => boolean;
  /** What is to happen in the publishing transaction before it commits: rights, comments, hooks, the state row; undefined for nothing. */
  readonly finish: (() => Promise<void>) | undefined;
}

/** A view that CREATE OR REPLACE refuses, and what still hangs on a relation that is dropped. */
const refusedStates = new Set(['SQL.42P16', 'SQL.2BP01', 'SQL.42804', 'SQL.0A000', 'SQL.42501']);
/** The relation is gone, or is of another kind than the run remembers. */
const changedStates = new Set(['SQL.42P01', 'SQL.42809']);

const wentAway = (name: string): ChemflowError =>
  new ChemflowError({ code: 'SQL.42P01', message: `${name} went away while it was published` });

const hasState = (error: unknown, states: ReadonlySet<string>): boolean =>
  error instanceof ChemflowError && states.has(error.code);

/** The publisher of one node: decides between renaming and writing in place, and does it. */
export function createPublisher(node: NodePublishing): Publisher {
  const { publishing, session, run } = node;
  const { cache } = publishing;

  /** Runs statements and the node's own end in one transaction, in one round trip where nothing else has to happen in it. */
  const commit = async (statements: readonly string[], before?: string): Promise<void> => {
    if (node.finish === undefined) {
      await run([...statements, ...(node.isInTransaction() ? [] : ['commit'])].join(';\n'), before);
      return;
    }
    if (statements.length > 0) await run(statements.join(';\n'), before);
    await node.finish();
    if (!node.isInTransaction()) await run('commit');
  };
  let isWriting = false;
  /** Inspects outside of a swap; the names of what the node sends next must mean what they meant, so a transaction gets its search_path back. */
  const look = async (oids: readonly string[]): Promise<InspectedRelation[]> => {
    const found = await inspectRelations(session, oids);
    if (isWriting || node.isInTransaction()) await session.query(restoringNames);
    return found;
  };
  const begin = (): string[] => (node.isInTransaction() ? ['savepoint chemflow_publish'] : ['begin']);
  const rollback = async (): Promise<void> => {
    await session.query(node.isInTransaction() ? 'rollback to savepoint chemflow_publish' : 'rollback');
  };

  const remember = (relation: Relation, type: RelationType): void => {
    cache.add({ ...relation, type, oid: 0, owner: session.name });
  };

  /** First time: nothing has the name, so nothing hangs on it. */
  const publishFirst = async (request: PublishRequest): Promise<Publication> => {
    const statements = [
      `alter ${kindWord(request.buildType as 'table')} ${renderRelation(request.build)} rename to ${quoteIdentifier(request.target.identifier)}`,
      ...request.indexes.map(
        (index) =>
          `alter index ${quoteIdentifier(request.target.schema)}.${quoteIdentifier(buildIndexName(index.name))} rename to ${quoteIdentifier(index.name)}`,
      ),
    ];
    const isPlain = node.finish === undefined && statements.length === 1;
    if (isPlain || node.isInTransaction()) {
      await run(statements.join(';\n'));
      await node.finish?.();
    } else {
      await commit(['begin', ...statements]);
    }
    return 'rename';
  };

  const inspectPair = async (
    request: PublishRequest,
  ): Promise<{ old: InspectedRelation; fresh: InspectedRelation } | undefined> => {
    const { target, build } = request;
    const found = await look([existingOid(target.schema, target.identifier), oidOf(build.schema, build.identifier)]);
    const old = found.find((relation) => relation.name === target.identifier);
    const fresh = found.find((relation) => relation.name === build.identifier);
    return old === undefined || fresh === undefined ? undefined : { old, fresh };
  };

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
      if (!node.isInTransaction()) node.note('begin');
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
  const publishAtOnce = async (request: PublishRequest, existing: CatalogRelation): Promise<boolean> => {
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
      if (isLocked(error) || hasState(error, refusedStates) || hasState(error, changedStates)) return false;
      throw error;
    }
  };

  const publishByRename = async (
    request: PublishRequest,
    pair: { old: InspectedRelation; fresh: InspectedRelation },
  ): Promise<void> => {
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

  const publishInPlace = async (
    pair: { old: InspectedRelation; fresh: InspectedRelation },
    request: PublishRequest,
  ): Promise<void> => {
    const { old, fresh } = pair;
    const existing = new Set(old.indexes.map((index) => index.name));
    const missing = request.indexes.filter((index) => !existing.has(index.name));
    await publishing.exclusively(async () => {
      try {
        const statements = [
          ...begin(),
          "set local lock_timeout = '60s'",
          ...alignColumns(old, fresh),
          ...replaceRows(old, fresh),
          dropBuild(fresh),
        ];
        await run(statements.join(';\n'));
        await commit(
          await Promise.all(missing.map((index) => request.indexText(request.target, index.definition, index.name))),
        );
      } catch (error) {
        await rollback().catch(() => undefined);
        throw error;
      }
    });
    if (!node.isInTransaction()) await run(`analyze ${qualified(old)}`);
  };

  const choose = async (request: PublishRequest): Promise<Publication> => {
    const existing = cache.get(request.target);
    if (existing === undefined) return publishFirst(request);
    if (await publishAtOnce(request, existing)) return 'rename';
    const pair = await inspectPair(request);
    if (pair === undefined) return publishFirst(request);
    const { old, fresh } = pair;
    const canBeInPlace = old.kind === 'table' && fresh.kind === 'table';
    const obstacles = renameObstacles(old);
    const lost = lostDependents(old, request.buildType, fresh.columns, publishing.isPending);
    if (lost.length > 0 || (obstacles.length > 0 && !canBeInPlace)) {
      await run(dropBuild(fresh));
      throw dependentsError(`${old.schema}.${old.name}`, lost.length > 0 ? lost : obstacles, node.nodeName);
    }
    if (obstacles.length > 0) {
      await publishInPlace(pair, request);
      return 'in place';
    }
    const readers = fresh.olderReaders;
    if (readers.length > 0) {
      if (canBeInPlace) {
        await publishInPlace(pair, request);
        return 'in place';
      }
      node.warn(
        'RUN.OLDER_READER',
        `${old.schema}.${old.name} is replaced while a transaction with an older snapshot is open; should that be REPEATABLE READ, it finds the new relation empty: ${readers.join('; ')}`,
      );
    }
    try {
      await publishByRename(request, pair);
      return 'rename';
    } catch (error) {
      if (!canBeInPlace || !(isLocked(error) || hasState(error, refusedStates))) throw error;
      await publishInPlace(pair, request);
      return 'in place';
    }
  };

  return {
    check: async (target, newType, describeColumns) => {
      if (cache.get(target) === undefined) return;
      // What hangs on it when it is published is looked at under its lock; this only spares a build that would be in vain.
      const known = (await publishing.dependents(session)).get(`${target.schema}.${target.identifier}`);
      if (known !== undefined && !known.hasOthers && known.views.every(publishing.isPending)) return;
      const [old] = await look([existingOid(target.schema, target.identifier)]);
      if (old === undefined || (old.views.length === 0 && old.others.length === 0)) return;
      const lost = lostDependents(old, newType, toNewColumns(await describeColumns()), publishing.isPending);
      if (lost.length > 0) throw dependentsError(`${old.schema}.${old.name}`, lost, node.nodeName);
    },
    publish: async (request) => {
      const publication = await choose(request);
      remember(request.target, request.buildType);
      return publication;
    },
    inTransaction: async (work) => {
      if (node.isInTransaction()) {
        const result = await work();
        await node.finish?.();
        return result;
      }
      await run('begin');
      isWriting = true;
      try {
        const result = await work();
        await commit([]);
        return result;
      } catch (error) {
        await session.query('rollback').catch(() => undefined);
        throw error;
      } finally {
        isWriting = false;
      }
    },
    statement: async (sql) => {
      if (node.isInTransaction()) {
        try {
          const outcome = await run(sql, 'savepoint chemflow_statement');
          await node.finish?.();
          return outcome;
        } catch (error) {
          await session.query('rollback to savepoint chemflow_statement').catch(() => undefined);
          throw error;
        }
      }
      const attempt = async (): Promise<StatementOutcome> => {
        if (node.finish === undefined) return run(sql, lockTimeout);
        await run('begin');
        try {
          const outcome = await run(sql, lockTimeout);
          await commit([]);
          return outcome;
        } catch (error) {
          await session.query('rollback').catch(() => undefined);
          throw error;
        }
      };
      return retryLocked(attempt, longPatience, publishing.stopped);
    },
  };
}
