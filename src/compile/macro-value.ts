import { ColumnObject, RelationObject, relationObject, TableObject } from '../context/index.js';
import { fromJson, PyDict, PySet, toJson, toText, Undefined, type PyValue } from '../jinja/index.js';
import type { MacroValue, Relation } from '../types/index.js';

function isRelation(value: object): value is { readonly $relation: Relation } {
  return '$relation' in value;
}

/** A value from the main thread as a template's value. */
export function toTemplate(value: MacroValue): PyValue {
  if (value === null || typeof value !== 'object') return fromJson(value);
  if (Array.isArray(value)) return value.map((item: MacroValue) => toTemplate(item));
  if (isRelation(value)) return relationObject(value.$relation);
  return new PyDict(Object.entries(value).map(([key, item]) => [key, toTemplate(item as MacroValue)] as const));
}

/** A template's value for the main thread: relations keep what they are, columns and tables become JSON, what JSON lacks its text. */
export function fromTemplate(value: PyValue): MacroValue {
  if (value instanceof RelationObject) return { $relation: value.toRelation() };
  if (value instanceof ColumnObject || value instanceof TableObject) return toJson(value);
  if (value instanceof Undefined) return null;
  if (Array.isArray(value)) return Array.from(value, fromTemplate);
  if (value instanceof PySet) return Array.from(value, fromTemplate);
  if (value instanceof PyDict)
    return Object.fromEntries(Array.from(value, ([key, item]) => [toText(key), fromTemplate(item)] as const));
  if (typeof value === 'function') return toText(value);
  try {
    return toJson(value);
  } catch {
    return toText(value);
  }
}
