import { buildIndexName, renderRelation } from '../../materializations/index.js';
import type { Publication, PublishRequest, Publisher, StatementOutcome } from '../../materializations/index.js';
import type { Relation, RelationType } from '../../types/index.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { kindWord, qualified } from './carry-over.js';
import { alignColumns, replaceRows } from './in-place.js';
import { inspectRelations, restoringNames, type InspectedRelation } from './inspect.js';
import { dropBuild, existingOid, oidOf } from './nested-swaps.js';
import { dependentsError, lostDependents, renameObstacles, toNewColumns } from './obstacles.js';
import type { NodePublishing } from './publishing.js';
import { lockTimeout, longPatience, retryLocked } from './locks.js';
import { createRenaming, isRefused, type Pair } from './rename.js';

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
    await finish();
  };
  /** The node's own end, and the end of the transaction, if it is publishing's. */
  const finish = async (): Promise<void> => {
    const left = await node.finish?.();
    // A semicolon on a line of its own, as a hook may end with a comment.
    const last = [left?.sql ?? [], node.isInTransaction() ? [] : 'commit'].flat().join('\n;\n');
    if (last !== '') await run(last, left?.state);
    else if (left?.state !== undefined) await session.query(left.state);
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
      if (node.isInTransaction()) await finish();
    } else {
      await commit(['begin', ...statements]);
    }
    return 'rename';
  };

  const inspectPair = async (request: PublishRequest): Promise<Pair | undefined> => {
    const { target, build } = request;
    const found = await look([existingOid(target.schema, target.identifier), oidOf(build.schema, build.identifier)]);
    const old = found.find((relation) => relation.name === target.identifier);
    const fresh = found.find((relation) => relation.name === build.identifier);
    return old === undefined || fresh === undefined ? undefined : { old, fresh };
  };

  const { atOnce, byRename } = createRenaming({ ...node, begin, rollback, commit, inspectPair });

  const publishInPlace = async (pair: Pair, request: PublishRequest): Promise<void> => {
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
    if (await atOnce(request, existing)) return 'rename';
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
      await byRename(request, pair);
      return 'rename';
    } catch (error) {
      if (!canBeInPlace || !isRefused(error)) throw error;
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
        await finish();
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
          await finish();
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
