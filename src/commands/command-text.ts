import type { Invocation, Json } from '../types/index.js';

/** Options that a history reader wants to see, by their name in the parsed arguments. */
const shown: Readonly<Record<string, string>> = {
  select: '--select',
  exclude: '--exclude',
  selector: '--selector',
  target: '--target',
  startDate: '--start-date',
  endDate: '--end-date',
  limitRows: '--limit-rows',
  incremental: '--incremental',
  fullRefresh: '--full',
  discardHistory: '--discard-history',
  rotateSalt: '--rotate-salt',
  failFast: '--fail-fast',
};

/** The command of an invocation as one would type it; without --vars, whose values may be secret. */
export function commandText(invocation: Invocation): string {
  const words = [invocation.flags.which];
  for (const [name, option] of Object.entries(shown)) {
    const value: Json | undefined = invocation.flags.args[name];
    if (value === undefined || value === null || value === false) continue;
    if (Array.isArray(value)) {
      if (value.length > 0) words.push(option, ...value.map(String));
    } else words.push(value === true ? option : `${option} ${String(value as string | number)}`);
  }
  return words.join(' ');
}
