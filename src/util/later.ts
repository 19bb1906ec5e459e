/** Small pieces of work that nobody waits for, done between other things. */
export interface Later {
  add(work: () => void): void;
  /** Does at once what is still to be done; throws the first error that any of it had. */
  flush(): void;
}

/** Work is done in the order in which it was added, one piece each time the event loop comes round. */
export function createLater(): Later {
  const waiting: (() => void)[] = [];
  const errors: unknown[] = [];
  let isScheduled = false;
  const next = (): void => {
    try {
      waiting.shift()?.();
    } catch (error) {
      errors.push(error);
    }
  };
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      next();
      schedule();
    });
  };
  return {
    add: (work) => {
      waiting.push(work);
      schedule();
    },
    flush: () => {
      while (waiting.length > 0) next();
      if (errors.length > 0) throw errors[0];
    },
  };
}
