import type { Session } from '../types/index.js';
import { evenCuts, sharesObserved, type ObservedRows } from './observed-rows.js';

/**
 * Chooses the moments to cut time at: `count` for each model, which divide its rows evenly, the last one among them. A moment of one model serves
 * another too where it falls among the same part of that one's rows, so that a world is built once for many models.
 */
export async function chooseCuts(
  session: Session,
  models: readonly ObservedRows[],
  count: number,
): Promise<readonly string[]> {
  const chosen: string[] = [];
  for (const model of models) {
    const own = await evenCuts(session, model, count);
    const shares = chosen.length === 0 ? [] : await sharesObserved(session, model, chosen);
    const served = new Set(shares.filter((share) => share > 0).map((share) => Math.ceil(share * count) - 1));
    chosen.push(...own.filter((moment, part) => !served.has(part) && !chosen.includes(moment)));
  }
  return chosen;
}
