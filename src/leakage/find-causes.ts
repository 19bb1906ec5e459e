import type { Comparison, Leak } from './observed-rows.js';
import type { Perturbation } from './perturb-sql.js';
import type { Change } from './worlds.js';

/** A feature that knew something later, with what it was found by. */
export interface FoundLeak extends Leak {
  readonly cut: string;
  readonly kinds: readonly Perturbation[];
  /** The table whose later rows were enough, undefined where it takes several. */
  readonly table: string | undefined;
}

/**
 * Finds for each leak the table that shows it alone, and the kind of change in it that does. `compare` builds a world and compares the model in it;
 * what no single table shows is reported with all of them.
 */
export async function findCauses(
  leaks: readonly Leak[],
  change: Change,
  compare: (change: Change) => Promise<Comparison>,
): Promise<readonly FoundLeak[]> {
  const found: FoundLeak[] = [];
  const sameFeature = (leak: Leak, others: readonly Leak[]): Leak | undefined =>
    others.find((one) => one.feature === leak.feature);
  let open = leaks;
  for (const table of change.tables) {
    if (open.length === 0) break;
    const alone = await compare({ ...change, tables: [table] });
    let shown = open.filter((leak) => sameFeature(leak, alone.leaks) !== undefined);
    open = open.filter((leak) => !shown.includes(leak));
    for (const kind of change.kinds) {
      if (shown.length === 0) break;
      const single = await compare({ ...change, kinds: [kind], tables: [table] });
      for (const leak of shown) {
        const seen = sameFeature(leak, single.leaks);
        if (seen !== undefined) found.push({ ...seen, cut: change.cut.at, kinds: [kind], table: table.label });
      }
      shown = shown.filter((leak) => sameFeature(leak, single.leaks) === undefined);
    }
    for (const leak of shown) {
      const seen = sameFeature(leak, alone.leaks) ?? leak;
      found.push({ ...seen, cut: change.cut.at, kinds: change.kinds, table: table.label });
    }
  }
  return [...found, ...open.map((leak) => ({ ...leak, cut: change.cut.at, kinds: change.kinds, table: undefined }))];
}
