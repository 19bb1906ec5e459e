/** What somebody wrote as the start or end of a job or a study. */
export interface LooseDate {
  /** `YYYY-MM-DD`: the first day of what was written. */
  readonly date: string | null;
  readonly precision: 'day' | 'month' | 'year' | null;
  /** "Present". */
  readonly isPresent: boolean;
}

const nothing: LooseDate = { date: null, precision: null, isPresent: false };

/** `4-2011`, `04-2011`, `2011-04`, `2011-04-01`, `2011` and `Present`; anything else, impossible dates too, says nothing. */
export function readLooseDate(written: string | null | undefined): LooseDate {
  const text = (written ?? '').trim();
  if (text.toLowerCase() === 'present') return { ...nothing, isPresent: true };
  const [, lateMonth, lateYear] = /^([0-9]{1,2})-([0-9]{4})$/.exec(text) ?? [];
  const [, year = lateYear, month = lateMonth, day] = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/.exec(text) ?? [];
  if (year === undefined || year === '0000') return nothing;
  const date = `${year}-${(month ?? '1').padStart(2, '0')}-${day ?? '01'}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  // A date that a month does not have is read as one of the next month, or not at all.
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) return nothing;
  return { date, precision: day !== undefined ? 'day' : month !== undefined ? 'month' : 'year', isPresent: false };
}
