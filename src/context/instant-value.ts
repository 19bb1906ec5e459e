import type { PyValue } from '../jinja/index.js';

/** A moment as Python's aware datetime in UTC. */
export function instantValue(instant: Date): PyValue {
  return instant.toISOString().replace('T', ' ').replace('Z', '+00:00');
}

/** A PostgreSQL date (`2024-01-31`) as Python's date. */
export function dateValue(text: string): PyValue {
  return text;
}

/** A PostgreSQL timestamp, with or without zone, as Python's datetime. */
export function timestampValue(text: string): PyValue {
  return text;
}
