import { PyFloat } from './float.js';
import { typeError, undefinedError } from './raise.js';

/**
 * Whatever a template can hold. None is null, str a string, bool a boolean, int a number (a bigint beyond 2^53), float a
 * PyFloat, list an array, tuple a PyTuple (an array too), dict a PyDict, set a PySet; the rest are host objects.
 */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | PyValue[]
  | PyDict
  | PySet
  | Undefined
  | HostObject
  | PyCallable;

/** Keyword arguments of a call, in the order in which they were written. */
export type Keywords = ReadonlyMap<string, PyValue>;

/** A function that templates can call. */
export interface PyCallable {
  (args: readonly PyValue[], keywords: Keywords): PyValue;
  /** The name in error messages. */
  readonly pyName?: string;
  /** What `callable.attribute` gives, where the callable has attributes (a macro's `name`, `arguments`). */
  readonly attributes?: ReadonlyMap<string, PyValue>;
}

/** No keyword arguments. */
export const noKeywords: Keywords = new Map();

/** Makes a callable of a function; `name` is what error messages call it. */
export function hostFunction(name: string, fn: (args: readonly PyValue[], keywords: Keywords) => PyValue): PyCallable {
  const callable = (args: readonly PyValue[], keywords: Keywords = noKeywords): PyValue => fn(args, keywords);
  return Object.assign(callable, { pyName: name });
}

/**
 * A value of the host: an object with attributes, items, a call or an iteration of its own. What a method leaves out, the object cannot do.
 * A method that belongs to the template's author raises ChemflowErrors without a place; the runtime adds it.
 */
export abstract class HostObject {
  /** The type's name in error messages (`'Relation' object is not callable`). */
  get pyType(): string {
    return this.constructor.name;
  }
  /** The attribute, or undefined where there is none. */
  abstract getAttribute(name: string): PyValue | undefined;
  /** What `str()` gives: the text in the rendered SQL. */
  abstract toText(): string;
  /** What `repr()` gives: the text inside a printed list or dict. */
  toRepr(): string {
    return this.toText();
  }
  /** The item, or undefined where there is none. */
  getItem?(key: PyValue): PyValue | undefined;
  call?(args: readonly PyValue[], keywords: Keywords): PyValue;
  iterate?(): Iterable<PyValue>;
  isTruthy?(): boolean;
  equals?(other: PyValue): boolean;
  /** Negative, zero or positive; undefined where the two have no order. */
  compareTo?(other: PyValue): number | undefined;
  contains?(value: PyValue): boolean;
  length?(): number;
  /** An arithmetic operator with this object on its left (or right, where `reflected`); undefined where it has none. */
  operate?(operator: string, other: PyValue, reflected: boolean): PyValue | undefined;
  /** Equal objects give the same key; without it an object is equal to itself only. */
  hashKey?(): string;
  /** What the object is in JSON (`tojson`, values on their way between threads); without it, JSON lacks it. */
  toJsonValue?(): unknown;
  /** `is mapping`, `is sequence`. */
  readonly isMapping?: boolean;
  readonly isSequence?: boolean;
}

/** What an unknown name or a missing attribute gives: empty text, false, an empty list; any other use raises JINJA.UNDEFINED. */
export class Undefined {
  constructor(
    readonly name: string | null = null,
    /** The sentence that a use raises. */
    readonly message: string = name === null ? 'the value is undefined' : `'${name}' is undefined`,
  ) {}

  raise(): never {
    throw undefinedError(this.message);
  }
  getAttribute(_name: string): PyValue {
    return this.raise();
  }
  getItem(_key: PyValue): PyValue {
    return this.raise();
  }
  call(): PyValue {
    return this.raise();
  }
}

/** The undefined of dbt's parse phase: attributes, items and calls of it give itself again. */
export class PermissiveUndefined extends Undefined {
  override getAttribute(name: string): PyValue {
    return new PermissiveUndefined(name);
  }
  override getItem(_key: PyValue): PyValue {
    return this;
  }
  override call(): PyValue {
    return this;
  }
}

/** Thrown by the function `return`; the innermost macro ends with its value. */
export class Returned {
  constructor(readonly value: PyValue) {}
}

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

/** A JavaScript Map key that is the same for values that Python holds equal (1, 1.0 and True); raises for what cannot be hashed. */
export function hashKey(value: PyValue): unknown {
  switch (typeof value) {
    case 'string':
      return value.startsWith('\u0000') ? `\u0000s${value}` : value;
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return Number(value);
    case 'function':
      return value;
    default:
  }
  if (value === null) return null;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTuple) {
    return `\u0000(${Array.from(value, (item) => `${typeof hashKey(item)}:${String(hashKey(item))}`).join('\u0001')})`;
  }
  if (value instanceof HostObject) {
    const key = value.hashKey?.();
    return key === undefined ? value : `\u0000${value.pyType}:${key}`;
  }
  if (Array.isArray(value)) throw typeError("unhashable type: 'list'");
  if (value instanceof PyDict) throw typeError("unhashable type: 'dict'");
  if (value instanceof PySet) throw typeError("unhashable type: 'set'");
  return value;
}

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

/** A dict with the properties of an object, whose values are template values already. */
export function dictOf(properties: Readonly<Record<string, PyValue>>): PyDict {
  return new PyDict(Object.entries(properties));
}

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
