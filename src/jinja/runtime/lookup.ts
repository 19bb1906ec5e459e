import { findMethod } from '../methods/index.js';
import { charactersOf } from '../values/iterate.js';
import { isInteger, toNumber } from '../values/numbers.js';
import { toRepr } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import { HostObject, PyDict, type PyValue } from '../values/value.js';

/** `value.name`: the attribute or bound method, else the item of that name; undefined where there is neither. */
export function findAttribute(value: PyValue, name: string): PyValue | undefined {
  const attribute = ownAttribute(value, name);
  return attribute === undefined ? ownItem(value, name) : attribute;
}

/** `value[key]`: the item, else the attribute of that name; undefined where there is neither. */
export function findItem(value: PyValue, key: PyValue): PyValue | undefined {
  const item = ownItem(value, key);
  return item === undefined && typeof key === 'string' ? ownAttribute(value, key) : item;
}

/** The attribute or bound method alone: what the filter `attr` gives. */
export function ownAttribute(value: PyValue, name: string): PyValue | undefined {
  if (value instanceof HostObject) return value.getAttribute(name);
  if (typeof value === 'function') return value.attributes?.get(name);
  const method = findMethod(value, name);
  if (method === undefined) return undefined;
  return Object.assign(
    (args: readonly PyValue[], keywords: ReadonlyMap<string, PyValue>) => method(value, args, keywords),
    {
      pyName: name,
    },
  );
}

function ownItem(value: PyValue, key: PyValue): PyValue | undefined {
  if (value instanceof PyDict) return isHashable(key) ? value.get(key) : undefined;
  if (Array.isArray(value)) return isInteger(key) ? value.at(toNumber(key)) : undefined;
  if (typeof value === 'string') return isInteger(key) ? charactersOf(value).at(toNumber(key)) : undefined;
  if (value instanceof HostObject) return value.getItem?.(key);
  return undefined;
}

function isHashable(key: PyValue): boolean {
  return key === null || typeof key !== 'object' || !['list', 'dict', 'set'].includes(typeName(key));
}

/** What Jinja says of an attribute or item that is not there. */
export function missingMessage(value: PyValue, key: PyValue): string {
  const object =
    value === null
      ? 'None'
      : typeof value === 'object' && value instanceof HostObject
        ? `${value.pyType} object`
        : `${typeName(value)} object`;
  return typeof key === 'string' ? `'${object}' has no attribute '${key}'` : `${object} has no element ${toRepr(key)}`;
}
