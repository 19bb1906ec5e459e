import { ChemflowError } from '../../error/index.js';
import type { Session } from '../../types/index.js';
import { suffixedName } from '../../util/identifier-length.js';
import { quoteIdentifier } from '../../util/sql-text.js';
import { kindWord } from './carry-over.js';
import { inspectRelations, restoringNames } from './inspect.js';
import { isLocked, lockTimeout, longPatience, retryLocked } from './locks.js';
import { buildDependentsAside, existingOid, oidOf, type SwapNames } from './nested-swaps.js';
import type { Publishing, RetiredRelation } from './publishing.js';
import { planSwaps } from './swap.js';

/** Drops a retired relation if nothing reads it any more; says whether it is gone, and notes the statement that did it. */
export async function dropIfUnread(
  session: Session,
  retired: RetiredRelation,
  note: (sql: string) => void = () => undefined,
): Promise<boolean> {
  const name = `${quoteIdentifier(retired.schema)}.${quoteIdentifier(retired.identifier)}`;
  const drop = `drop ${kindWord(retired.kind)} if exists ${name}`;
  try {
    await session.query(`${lockTimeout};\n${drop}`);
    note(drop);
    return true;
  } catch (error) {
    if (isLocked(error) || (error instanceof ChemflowError && error.code === 'SQL.2BP01')) return false;
    throw error;
  }
}

/**
 * Drops the retired relations whose last reader `done` was; later ones first, which may be readers themselves. Those whose readers are not known, or are
 * more than were known, are left to the run's end: each attempt is a statement that fails.
 */
export async function dropRetired(
  publishing: Publishing,
  session: Session,
  done: { readonly schema: string; readonly identifier: string },
  note: (sql: string) => void,
): Promise<void> {
  const { retired, isPending } = publishing;
  const isRead = (reader: { readonly schema: string; readonly name: string }): boolean =>
    (isPending(reader) && !(reader.schema === done.schema && reader.name === done.identifier)) ||
    [...retired.values()].some((other) => other.schema === reader.schema && other.name === reader.name);
  for (const [key, one] of [...retired].toReversed()) {
    if (one.readers.length === 0 || one.readers.some(isRead)) continue;
    if (await dropIfUnread(session, one, note)) retired.delete(key);
    else if (retired.has(key)) retired.set(key, { ...one, readers: [] });
  }
}

/**
 * Points what reads a retired relation at its successor, in one short transaction, and drops it: within the transaction the two get their names of before
 * the retirement, so that this is a publication like any other.
 */
export function settleRetired(publishing: Publishing, session: Session, retired: RetiredRelation): Promise<void> {
  return retryLocked(() => settleOnce(publishing, session, retired), longPatience, publishing.stopped);
}

async function settleOnce(publishing: Publishing, session: Session, retired: RetiredRelation): Promise<void> {
  if (await dropIfUnread(session, retired)) return;
  const { schema, name } = retired;
  const found = await inspectRelations(session, [oidOf(schema, retired.identifier), existingOid(schema, name)]);
  const old = found.find((relation) => relation.name === retired.identifier);
  const successor = found.find((relation) => relation.name === name);
  if (old === undefined) return;
  if (successor === undefined) throw new Error(`there is no ${schema}.${name}`);
  const build = suffixedName(name, '__chemflow_next');
  const qualify = (identifier: string): string => `${quoteIdentifier(schema)}.${quoteIdentifier(identifier)}`;
  const own: SwapNames = { schema, old: retired.identifier, fresh: name, indexNames: new Map() };
  const run = (sql: string): Promise<unknown> => session.query(sql);
  const nobody = (): boolean => false;
  const kinds = { old: old.kind, fresh: successor.kind };
  const alone = { ...publishing, isPending: nobody };
  const nested = await buildDependentsAside(alone, session, run, own, kinds, old);
  await publishing.exclusively(async () => {
    try {
      const oids = [
        oidOf(schema, name),
        oidOf(schema, build),
        ...nested.flatMap((swap) => [oidOf(swap.schema, swap.old), oidOf(swap.schema, swap.fresh)]),
      ];
      const all = await inspectRelations(session, oids, [
        'begin',
        lockTimeout,
        `alter ${kindWord(successor.kind)} ${qualify(name)} rename to ${quoteIdentifier(build)}`,
        `alter ${kindWord(old.kind)} ${qualify(retired.identifier)} rename to ${quoteIdentifier(name)}`,
      ]);
      const swaps = [{ ...own, old: name, fresh: build }, ...nested].map((swap, index) => {
        const [before, after] = [swap.old, swap.fresh].map((one) =>
          all.find((relation) => relation.schema === swap.schema && relation.name === one),
        );
        if (before === undefined || after === undefined) throw new Error(`${swap.old} went away`);
        return { old: before, fresh: after, indexNames: swap.indexNames, carries: index > 0 };
      });
      const plan = planSwaps(swaps, nobody);
      await session.query([...plan.statements, restoringNames, 'commit'].join(';\n'));
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      throw error;
    }
  });
}
