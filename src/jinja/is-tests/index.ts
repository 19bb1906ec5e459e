import { contains, equal, greater, greaterOrEqual, isSame, less, lessOrEqual } from '../values/compare.js';
import { isFloat, isInteger, isNumeric, toNumber } from '../values/numbers.js';
import { typeError } from '../values/raise.js';
import { toText } from '../values/text.js';
import { isTrue } from '../values/truth.js';
import { typeName } from '../values/type-name.js';
import { HostObject, type Keywords, PyDict, PySet, type PyValue, Undefined } from '../values/value.js';

type Test = (value: PyValue, ...args: (PyValue | undefined)[]) => boolean;

function remainder(value: PyValue, by: number): number {
  if (value instanceof Undefined) return value.raise();
  if (!isNumeric(value)) throw typeError(`unsupported operand type(s) for %: '${typeName(value)}' and 'int'`);
  const rest = toNumber(value) % by;
  return rest < 0 ? rest + by : rest;
}

function isMapping(value: PyValue): boolean {
  return value instanceof PyDict || (value instanceof HostObject && value.isMapping === true);
}

function isIterable(value: PyValue): boolean {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof PySet || value instanceof Undefined)
    return true;
  return isMapping(value) || (value instanceof HostObject && value.iterate !== undefined);
}

function isSequence(value: PyValue): boolean {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof PySet) return true;
  return isMapping(value) || (value instanceof HostObject && value.isSequence === true);
}

const given = (value: PyValue | undefined): PyValue => value ?? null;

/** What stands after `is`. */
const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', (value) => !(value instanceof Undefined)],
  ['undefined', (value) => value instanceof Undefined],
  ['none', (value) => value === null],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['boolean', (value) => typeof value === 'boolean'],
  ['integer', (value) => typeof value !== 'boolean' && isInteger(value)],
  ['float', (value) => isFloat(value)],
  ['number', (value) => isNumeric(value) || (value instanceof HostObject && value.pyType === 'Decimal')],
  ['string', (value) => typeof value === 'string'],
  ['mapping', isMapping],
  ['iterable', isIterable],
  ['sequence', isSequence],
  ['callable', (value) => typeof value === 'function' || (value instanceof HostObject && value.call !== undefined)],
  ['sameas', (value, other) => isSame(value, given(other))],
  ['in', (value, container) => contains(given(container), value)],
  ['odd', (value) => remainder(value, 2) === 1],
  ['even', (value) => remainder(value, 2) === 0],
  ['divisibleby', (value, by) => remainder(value, Number(by)) === 0],
  ['lower', (value) => toText(value) === toText(value).toLowerCase() && toText(value) !== toText(value).toUpperCase()],
  ['upper', (value) => toText(value) === toText(value).toUpperCase() && toText(value) !== toText(value).toLowerCase()],
  ['escaped', () => false],
  ['filter', (value) => knownFilters?.(toText(value)) ?? false],
  ['test', (value) => hasTest(toText(value))],
  ...alias(['eq', 'equalto', '=='], (value, other) => equal(value, given(other))),
  ...alias(['ne', '!='], (value, other) => !equal(value, given(other))),
  ...alias(['lt', 'lessthan', '<'], (value, other) => less(value, given(other))),
  ...alias(['le', '<='], (value, other) => lessOrEqual(value, given(other))),
  ...alias(['gt', 'greaterthan', '>'], (value, other) => greater(value, given(other))),
  ...alias(['ge', '>='], (value, other) => greaterOrEqual(value, given(other))),
]);

function alias(names: readonly string[], test: Test): [string, Test][] {
  return names.map((name) => [name, test]);
}

/** `True`, `False` and `None` are tests too. */
function findTest(name: string): Test | undefined {
  return tests.get(name) ?? tests.get(name.toLowerCase());
}

let knownFilters: ((name: string) => boolean) | undefined;

/** Tells the test `filter` which filters there are. */
export function tellFilters(hasFilter: (name: string) => boolean): void {
  knownFilters = hasFilter;
}

/** Is there a test of this name? */
export function hasTest(name: string): boolean {
  return findTest(name) !== undefined;
}

/** The names of all tests. */
export function testNames(): Iterable<string> {
  return tests.keys();
}

/** `value is name(args)`. */
export function applyTest(name: string, value: PyValue, args: readonly PyValue[], keywords: Keywords): boolean {
  const test = findTest(name);
  if (test === undefined) throw typeError(`there is no test '${name}'`);
  if (keywords.size > 0) return test(value, ...args, ...keywords.values());
  return test(value, ...args);
}

/** A test as a predicate, for filters that take one by name; without a name, truth. */
export function testByName(
  name: PyValue | undefined,
  args: readonly PyValue[],
  keywords: Keywords,
): (value: PyValue) => boolean {
  if (name === undefined) return isTrue;
  return (value) => applyTest(toText(name), value, args, keywords);
}
