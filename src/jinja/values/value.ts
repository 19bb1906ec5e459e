import type { PyFloat } from './float.js';
import type { PyDict } from './dict.js';
import type { PySet } from './set.js';
import { undefinedError } from './raise.js';

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
