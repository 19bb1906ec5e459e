import type { LeakageOutcome } from './check-leakage.js';
import type { FoundLeak } from './find-causes.js';
import { perturbationWords } from './perturb-sql.js';

const shown = (value: string | null): string => {
  if (value === null) return 'null';
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
};

function sentence(leak: FoundLeak, entity: readonly string[], observedAt: string): string {
  const { example } = leak;
  const what =
    leak.feature === null
      ? `there was ${shown(example.before)}, and there is ${shown(example.after)}`
      : `${leak.feature} was ${shown(example.before)} and became ${shown(example.after)}`;
  const cause = leak.kinds.map((kind) => perturbationWords[kind]).join(', or ');
  const where = leak.table === undefined ? 'in several tables together' : `in ${leak.table}`;
  return `${leak.feature ?? 'rows'}: ${leak.rows} observed by ${leak.cut} differ when ${cause} ${where}; ${entity.join(', ')} ${shown(example.entity)}, ${observedAt} ${example.observedAt}: ${what}`;
}

/** What a check found, a sentence a leaking feature: how many rows, by which later rows of which table, and one example with the value before and after. */
export function leakMessages({ declaration, leaks }: LeakageOutcome): readonly string[] {
  return leaks.map((leak) => sentence(leak, declaration.entity, declaration.observedAt));
}
