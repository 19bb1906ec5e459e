import type { PyValue } from './value.js';

/** The value, or what stands for a missing one. None is a value: JavaScript's `??` would take it for missing. */
export function orElse(value: PyValue | undefined, otherwise: PyValue): PyValue {
  return value === undefined ? otherwise : value;
}
