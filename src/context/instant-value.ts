import { dateTimeOf, parseIsoDate, parseIsoDateTime, type PyValue } from '../jinja/index.js';

/** A moment as Python's aware datetime in UTC. */
export function instantValue(instant: Date): PyValue {
  return dateTimeOf(instant);
}

/** What Python has no date for (`infinity`, a year before Christ) stays text. */
function orText(text: string, read: (text: string) => PyValue): PyValue {
  try {
    return read(text);
  } catch {
    return text;
  }
}

/** A PostgreSQL date (`2024-01-31`) as Python's date. */
export function dateValue(text: string): PyValue {
  return orText(text, parseIsoDate);
}

/** A PostgreSQL timestamp as Python's datetime, aware where it has a zone. */
export function timestampValue(text: string): PyValue {
  return orText(text, parseIsoDateTime);
}
