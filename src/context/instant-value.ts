import type { PyValue } from '../jinja/index.js';

/** A moment as Python's aware datetime in UTC. */
export function instantValue(instant: Date): PyValue {
  return instant.toISOString().replace('T', ' ').replace('Z', '+00:00');
}
