import type { ResourceId } from '../types/index.js';

/** What is to be run in which order. */
export interface Schedule {
  readonly ids: readonly ResourceId[];
  /** Of each id, what must be finished before it. */
  readonly dependencies: ReadonlyMap<ResourceId, ReadonlySet<ResourceId>>;
  /** Of each id, how long the way from it to the end is: the longest goes first. */
  readonly priorities: ReadonlyMap<ResourceId, number>;
  readonly threads: number;
}

/**
 * Calls `work` for every id once all that it depends on is done, on at most `threads` threads, those with the longest way to the end first. `work` must
 * not throw for a failed node; what it throws ends the schedule once the others are done.
 */
export async function runSchedule(
  schedule: Schedule,
  work: (id: ResourceId, thread: number) => Promise<void>,
): Promise<void> {
  const waiting = new Map<ResourceId, number>();
  const followers = new Map<ResourceId, ResourceId[]>();
  const position = new Map(schedule.ids.map((id, index) => [id, index]));
  for (const id of schedule.ids) {
    const before = [...(schedule.dependencies.get(id) ?? [])].filter((one) => position.has(one));
    waiting.set(id, before.length);
    for (const one of before) followers.set(one, [...(followers.get(one) ?? []), id]);
  }
  const ready = schedule.ids.filter((id) => waiting.get(id) === 0);
  const isBefore = (left: ResourceId, right: ResourceId): boolean => {
    const difference = (schedule.priorities.get(right) ?? 0) - (schedule.priorities.get(left) ?? 0);
    return difference < 0 || (difference === 0 && (position.get(left) ?? 0) < (position.get(right) ?? 0));
  };
  const take = (): ResourceId | undefined => {
    let best = 0;
    for (let index = 1; index < ready.length; index += 1) {
      const candidate = ready[index];
      const leader = ready[best];
      if (candidate !== undefined && leader !== undefined && isBefore(candidate, leader)) best = index;
    }
    const [taken] = ready.splice(best, 1);
    return taken;
  };

  let running = 0;
  let wake: (() => void)[] = [];
  const wakeAll = (): void => {
    const sleepers = wake;
    wake = [];
    for (const resume of sleepers) resume();
  };
  const thread = async (number: number): Promise<void> => {
    for (;;) {
      const id = take();
      if (id === undefined) {
        if (running === 0) return;
        await new Promise<void>((resume) => wake.push(resume));
        continue;
      }
      running += 1;
      try {
        await work(id, number);
      } finally {
        running -= 1;
        for (const follower of followers.get(id) ?? []) {
          const left = (waiting.get(follower) ?? 1) - 1;
          waiting.set(follower, left);
          if (left === 0) ready.push(follower);
        }
        wakeAll();
      }
    }
  };
  const count = Math.max(1, Math.min(schedule.threads, schedule.ids.length));
  const ends = await Promise.allSettled(Array.from({ length: count }, (_, index) => thread(index + 1)));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
