import type { BuildContext } from '../../materializations/index.js';
import type { EventSink, RelationCache, Session } from '../../types/index.js';
import type { LastStatements } from '../finishing.js';
import { dependentsByName, type KnownDependents } from './inspect.js';
import type { IsPending } from './obstacles.js';

/** An old relation that stays under another name until what reads it has been rebuilt. */
export interface RetiredRelation {
  readonly schema: string;
  readonly identifier: string;
  readonly kind: 'table' | 'view' | 'materialized_view';
  /** The name that it had. */
  readonly name: string;
  /** The relations of this run that still read it; none are known of one that an earlier run left. */
  readonly readers: readonly { readonly schema: string; readonly name: string }[];
}

/** What the publishers of one run share. */
export interface Publishing {
  readonly cache: RelationCache;
  readonly sink: EventSink;
  readonly isPending: IsPending;
  /** Was the run interrupted? */
  readonly stopped: () => boolean;
  /** Old relations that still have readers. */
  readonly retired: Map<string, RetiredRelation>;
  /** What hung on the relations of the run when this was first asked, by `schema.name`. */
  dependents(session: Session): Promise<ReadonlyMap<string, KnownDependents>>;
  /** One publication at a time: their locks then never wait for each other in a circle. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

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
  readonly finish: (() => Promise<LastStatements>) | undefined;
}

/** The shared part for one run. */
export function createPublishing(options: {
  readonly cache: RelationCache;
  readonly sink: EventSink;
  readonly isPending: IsPending;
  readonly stopped: () => boolean;
  /** The relations that the run builds. */
  readonly targets: readonly { readonly schema: string; readonly identifier: string }[];
}): Publishing {
  const { targets, ...shared } = options;
  let dependents: Promise<ReadonlyMap<string, KnownDependents>> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...shared,
    retired: new Map(),
    dependents: (session) => (dependents ??= dependentsByName(session, targets)),
    exclusively: (work) => {
      const turn = last.then(work, work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
