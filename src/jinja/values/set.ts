import { PyDict } from './dict.js';
import { nameType } from './type-name.js';
import type { PyValue } from './value.js';

/** A Python set; it keeps the order of insertion, where Python's has none. */
export class PySet {
  readonly #items = new PyDict();

  constructor(items: Iterable<PyValue> = []) {
    for (const item of items) this.add(item);
  }
  get size(): number {
    return this.#items.size;
  }
  has(value: PyValue): boolean {
    return this.#items.has(value);
  }
  add(value: PyValue): this {
    if (!this.#items.has(value)) this.#items.set(value, null);
    return this;
  }
  delete(value: PyValue): boolean {
    return this.#items.delete(value);
  }
  clear(): void {
    this.#items.clear();
  }
  [Symbol.iterator](): IterableIterator<PyValue> {
    return this.#items.keys();
  }
}
nameType(PySet, 'set');
