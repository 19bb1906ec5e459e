import { ChemflowError } from '../error/index.js';
import type { ExtractMode } from '../extract/index.js';
import type { CopyOptions } from './selection-options.js';

function requireDay(name: string, text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  if (isDay && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)) return text;
  throw new ChemflowError({
    code: 'CLI.USAGE',
    message: `${name} "${text}" is not a day.`,
    hint: 'write it as 2026-03-01',
  });
}

/** How sources are to be copied, from the options; throws CLI.USAGE where they contradict each other. */
export function copyMode(options: CopyOptions & { readonly fullRefresh: boolean }): ExtractMode {
  const isRange = options.startDate !== undefined || options.endDate !== undefined;
  const chosen = [
    options.fullRefresh ? '--full' : '',
    options.incremental ? '--incremental' : '',
    isRange ? '--start-date/--end-date' : '',
  ];
  const named = chosen.filter((name) => name !== '');
  if (named.length > 1)
    throw new ChemflowError({
      code: 'CLI.USAGE',
      message: `${named.join(' and ')} contradict each other.`,
      hint: 'give one of them',
    });
  const { limitRows } = options;
  if (limitRows !== undefined && !(Number.isInteger(limitRows) && limitRows > 0))
    throw new ChemflowError({ code: 'CLI.USAGE', message: '--limit-rows must be a whole number of at least 1.' });
  if (isRange) {
    if (options.startDate === undefined)
      throw new ChemflowError({
        code: 'CLI.USAGE',
        message: '--end-date needs --start-date.',
        hint: 'add --start-date 2026-03-01',
      });
    const start = requireDay('--start-date', options.startDate);
    const end = options.endDate === undefined ? undefined : requireDay('--end-date', options.endDate);
    if (end !== undefined && end < start)
      throw new ChemflowError({ code: 'CLI.USAGE', message: `--end-date ${end} lies before --start-date ${start}.` });
    return { kind: 'range', start, end, limitRows };
  }
  return { kind: options.fullRefresh ? 'full' : options.incremental ? 'incremental' : 'auto', limitRows };
}
