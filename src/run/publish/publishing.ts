import type { EventSink, RelationCache } from '../../types/index.js';
import type { IsPending } from './obstacles.js';

/** An old relation that stays under another name until what reads it has been rebuilt. */
export interface RetiredRelation {
  readonly schema: string;
  readonly identifier: string;
  readonly kind: 'table' | 'view' | 'materialized_view';
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
  /** One publication at a time: their locks then never wait for each other in a circle. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** The shared part for one run. */
export function createPublishing(options: {
  readonly cache: RelationCache;
  readonly sink: EventSink;
  readonly isPending: IsPending;
  readonly stopped: () => boolean;
}): Publishing {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...options,
    retired: new Map(),
    exclusively: (work) => {
      const turn = last.then(work, work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
