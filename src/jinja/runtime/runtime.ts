import { applyFilter } from '../filters/index.js';
import { dialectGlobals } from '../globals/index.js';
import { applyTest } from '../is-tests/index.js';
import { findMethod } from '../methods/index.js';
import type { Scope, TemplateSource } from '../template-types.js';
import { typeError } from '../values/raise.js';
import { typeName } from '../values/type-name.js';
import { HostObject, type Keywords, type PyCallable, type PyValue, Returned, Undefined } from '../values/value.js';
import { failureAt } from './failure.js';
import { findAttribute, findItem, missingMessage, ownAttribute } from './lookup.js';
import { Loop } from './loop.js';
import { macroCallable, type MacroBody, type MacroSignature } from './macro-call.js';

/** What compiled templates call R: lookups and calls of one template with one scope. */
export class Runtime {
  constructor(
    readonly scope: Scope,
    readonly source: TemplateSource,
    /** Does the template give a value rather than text? The filters `as_bool`, `as_number`, `as_native` convert only then. */
    readonly isNative = false,
  ) {}

  /** What a name of the context means. */
  resolve(name: string): PyValue {
    let value = this.scope.lookup(name);
    if (value === undefined) value = dialectGlobals().get(name);
    return value === undefined ? this.missing(name, `'${name}' is undefined`) : value;
  }

  missing(name: string | null, message: string): Undefined {
    return this.scope.missing?.(name, message) ?? new Undefined(name, message);
  }

  missingParameter(name: string): PyValue {
    return this.missing(name, `parameter '${name}' was not provided`);
  }

  withoutElse(): PyValue {
    return this.missing(null, 'the inline if-expression evaluated to false and no else section was defined');
  }

  attribute(value: PyValue, name: string): PyValue {
    if (value instanceof Undefined) return value.getAttribute(name);
    const found = findAttribute(value, name);
    return found === undefined ? this.missing(name, missingMessage(value, name)) : found;
  }

  /** The attribute alone, never an item of that name. */
  ownAttribute(value: PyValue, name: string): PyValue {
    const found = ownAttribute(value, name);
    return found === undefined ? this.missing(name, missingMessage(value, name)) : found;
  }

  item(value: PyValue, key: PyValue): PyValue {
    if (value instanceof Undefined) return value.getItem(key);
    const found = findItem(value, key);
    if (found !== undefined) return found;
    return this.missing(typeof key === 'string' ? key : null, missingMessage(value, key));
  }

  call(callee: PyValue, name: string, args: readonly PyValue[], keywords: Keywords): PyValue {
    if (typeof callee === 'function') return callee(args, keywords);
    if (callee instanceof Undefined) return callee.call();
    if (callee instanceof HostObject && callee.call !== undefined) return callee.call(args, keywords);
    throw typeError(`'${typeName(callee)}' object is not callable${name === 'value' ? '' : ` (${name})`}`);
  }

  method(value: PyValue, name: string, args: readonly PyValue[], keywords: Keywords): PyValue {
    if (!(value instanceof HostObject)) {
      const method = findMethod(value, name);
      if (method !== undefined) return method(value, args, keywords);
    }
    return this.call(this.attribute(value, name), name, args, keywords);
  }

  filter(name: string, value: PyValue, args: readonly PyValue[], keywords: Keywords): PyValue {
    return applyFilter(this, name, value, args, keywords);
  }

  test(name: string, value: PyValue, args: readonly PyValue[], keywords: Keywords): boolean {
    return applyTest(name, value, args, keywords);
  }

  loop(items: PyValue, depth: number, recurse: ((items: PyValue, depth: number) => string) | null): Loop {
    return new Loop(items, depth, recurse);
  }

  macro(signature: MacroSignature, body: MacroBody): PyCallable {
    return macroCallable(signature, body, () => this.missing('caller', 'No caller defined'));
  }

  /** The error to throw for one that a template was left with. */
  failed(error: unknown, position: number, macroName: string | null): unknown {
    return failureAt(error, this.source, position, macroName);
  }

  /** What a macro that was left by an exception gives: a returned value, or the exception again. */
  left(error: unknown, position: number, macroName: string, isOutermost: boolean): PyValue {
    if (isOutermost && error instanceof Returned) return error.value;
    throw failureAt(error, this.source, position, macroName);
  }
}
