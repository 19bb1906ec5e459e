import { hashKey } from './hash.js';
import { nameType } from './type-name.js';
import type { PyValue } from './value.js';

/** A Python dict: keeps the order of insertion, and takes any hashable key. */
export class PyDict {
  readonly #values = new Map<unknown, PyValue>();
  /** The keys that are not their own hash key. */
  #keys: Map<unknown, PyValue> | undefined;

  constructor(entries: Iterable<readonly [PyValue, PyValue]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }
  get size(): number {
    return this.#values.size;
  }
  get(key: PyValue): PyValue | undefined {
    return this.#values.get(hashKey(key));
  }
  has(key: PyValue): boolean {
    return this.#values.has(hashKey(key));
  }
  set(key: PyValue, value: PyValue): this {
    const hash = hashKey(key);
    if (hash !== key && !this.#values.has(hash)) (this.#keys ??= new Map()).set(hash, key);
    this.#values.set(hash, value);
    return this;
  }
  delete(key: PyValue): boolean {
    const hash = hashKey(key);
    this.#keys?.delete(hash);
    return this.#values.delete(hash);
  }
  clear(): void {
    this.#keys = undefined;
    this.#values.clear();
  }
  *keys(): IterableIterator<PyValue> {
    for (const hash of this.#values.keys()) yield this.#original(hash);
  }
  values(): IterableIterator<PyValue> {
    return this.#values.values();
  }
  *entries(): IterableIterator<[PyValue, PyValue]> {
    for (const [hash, value] of this.#values) yield [this.#original(hash), value];
  }
  [Symbol.iterator](): IterableIterator<[PyValue, PyValue]> {
    return this.entries();
  }
  #original(hash: unknown): PyValue {
    const original = this.#keys?.get(hash);
    return original === undefined ? (hash as PyValue) : original;
  }
}
nameType(PyDict, 'dict');

/** A dict with the properties of an object, whose values are template values already. */
export function dictOf(properties: Readonly<Record<string, PyValue>>): PyDict {
  return new PyDict(Object.entries(properties));
}
