import { ChemflowError } from '../error/index.js';
import { PyDict, toJson, type PyValue } from '../jinja/index.js';
import type { Json, JsonObject } from '../types/index.js';
import type { CallArguments } from './host-method.js';

type MutableConfig = Record<string, Json>;

// How repeated config() calls of one template add up (dbt's BaseConfig.mergebehavior); any other key is replaced.
const appended = ['pre-hook', 'post-hook', 'tags', 'packages'];
const updated = ['quoting', 'column_types', 'meta', 'docs', 'contract'];
const appendedByKey = ['grants'];

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function asList(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
}

function wrong(message: string, hint: string): ChemflowError {
  return new ChemflowError({ code: 'TEMPLATE.CONFIG', message, hint });
}

/** The keys and values of one config() call; `pre_hook` and `post_hook` get their dashes. */
export function configCallValues(call: CallArguments): MutableConfig {
  const [first, ...surplus] = call.rest;
  if (surplus.length > 0 || (first !== undefined && call.keywords.size > 0))
    throw wrong(
      'config() takes either keyword arguments or one dict.',
      'write config(materialized="table", tags=["daily"])',
    );
  const entries: Iterable<readonly [PyValue, PyValue]> = first instanceof PyDict ? first : call.keywords;
  if (first !== undefined && !(first instanceof PyDict))
    throw wrong(
      'The argument of config() is not a dict.',
      'write config(materialized="table") or config({"materialized": "table"})',
    );
  const values: MutableConfig = {};
  for (const [key, value] of entries) values[String(key)] = toJson(value);
  for (const hook of ['pre', 'post']) {
    const plain = values[`${hook}_hook`];
    if (plain === undefined) continue;
    if (values[`${hook}-hook`] !== undefined)
      throw wrong(`config() has both ${hook}_hook and ${hook}-hook.`, 'use one of the two');
    values[`${hook}-hook`] = plain;
    Reflect.deleteProperty(values, `${hook}_hook`);
  }
  return values;
}

/** Adds the values of a config() call to those of the calls before it. */
export function mergeConfigCall(config: MutableConfig, values: Readonly<MutableConfig>): void {
  for (const [key, value] of Object.entries(values)) {
    const known = config[key];
    if (appended.includes(key)) config[key] = [...asList(known), ...asList(value)];
    else if (updated.includes(key) && isObject(known) && isObject(value)) config[key] = { ...known, ...value };
    else if (appendedByKey.includes(key) && isObject(value))
      config[key] = mergeGrants(isObject(known) ? known : {}, value);
    else config[key] = value;
  }
}

/** Grants by privilege: `+select` adds to the grantees that are known, `select` replaces them. */
function mergeGrants(known: JsonObject, values: JsonObject): JsonObject {
  const merged: MutableConfig = { ...known };
  for (const [key, grantees] of Object.entries(values)) {
    const name = key.replace(/^\+/, '');
    merged[key.startsWith('+') && merged[name] === undefined ? key : name] = key.startsWith('+')
      ? [...asList(merged[name] ?? merged[key]), ...asList(grantees)]
      : asList(grantees);
  }
  return merged;
}
