import type { PyValue } from './value.js';

/** A Python tuple: an array that prints with parentheses, hashes, and equals no list. */
export class PyTuple extends Array<PyValue> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A tuple of these items. */
export function tuple(items: Iterable<PyValue>): PyTuple {
  return PyTuple.from(items) as PyTuple;
}
