import { ChemflowError, didYouMean, type Place } from '../error/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { isKind, kindOf, words, type ValueKind } from './shape.js';

/** What the values of configuration keys must be; keys that may be anything are not in it. */
const valueKinds: Readonly<Record<string, ValueKind>> = {
  enabled: 'boolean',
  alias: 'scalar',
  schema: 'scalar',
  database: 'scalar',
  tags: 'texts',
  meta: 'mapping',
  group: 'text',
  materialized: 'text',
  persist_docs: 'mapping',
  quoting: 'mapping',
  column_types: 'mapping',
  full_refresh: 'boolean',
  grants: 'mapping',
  indexes: 'mappings',
  unlogged: 'boolean',
  contract: 'mapping',
  incremental_strategy: 'text',
  on_schema_change: 'text',
  unique_key: 'texts',
  strategy: 'text',
  updated_at: 'text',
  check_cols: 'texts',
  hard_deletes: 'text',
  severity: 'text',
  where: 'text',
  store_failures: 'boolean',
  store_failures_as: 'text',
};

/** The words that a configuration key is one of, in lower case. */
const choices: Readonly<Record<string, readonly string[]>> = {
  on_schema_change: ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'],
  on_configuration_change: ['apply', 'continue', 'fail'],
  severity: ['error', 'warn'],
  store_failures_as: ['ephemeral', 'table', 'view'],
  hard_deletes: ['ignore', 'invalidate', 'new_record'],
  access: ['private', 'protected', 'public'],
};

/** `PARSE.CONFIG_VALUE` for a value that its configuration key cannot have, or undefined where it can. Null is taken as absent. */
export function configValueError(key: string, value: Json, place: () => Place): ChemflowError | undefined {
  if (value === null) return undefined;
  const kind = valueKinds[key];
  if (kind !== undefined && !isKind(value, kind))
    return new ChemflowError({
      code: 'PARSE.CONFIG_VALUE',
      message: `The configuration "${key}" must be ${words[kind]}, but is ${kindOf(value)}.`,
      place: place(),
    });
  const allowed = choices[key];
  if (allowed === undefined || typeof value !== 'string' || allowed.includes(value.toLowerCase())) return undefined;
  return new ChemflowError({
    code: 'PARSE.CONFIG_VALUE',
    message: `The configuration "${key}" cannot be "${value}".`,
    hint: didYouMean(value, allowed) ?? `it is one of ${allowed.join(', ')}`,
    place: place(),
  });
}

/** What a snapshot's configuration lacks to be built, as `PARSE.SNAPSHOT_CONFIG`; undefined where it is whole. `hasStrategy` tells whether a strategy of the project's own exists. */
export function snapshotConfigError(
  name: string,
  config: JsonObject,
  place: (key: RegExp) => Place,
  hasStrategy: (strategy: string) => boolean,
): ChemflowError | undefined {
  const error = (message: string, hint: string, key: RegExp): ChemflowError =>
    new ChemflowError({
      code: 'PARSE.SNAPSHOT_CONFIG',
      message: `Snapshot "${name}" ${message}.`,
      hint,
      place: place(key),
    });
  const { strategy, unique_key: uniqueKey, updated_at: updatedAt, check_cols: checkColumns } = config;
  if (typeof strategy !== 'string')
    return error(
      'has no strategy',
      "write strategy='timestamp' with updated_at, or strategy='check' with check_cols",
      /config/,
    );
  if (!['timestamp', 'check'].includes(strategy)) {
    if (hasStrategy(strategy)) return undefined;
    return error(
      `has the strategy "${strategy}", which does not exist`,
      didYouMean(strategy, ['timestamp', 'check']) ?? 'there are timestamp and check',
      /strategy/,
    );
  }
  if (uniqueKey === undefined || uniqueKey === null)
    return error('has no unique_key', "write unique_key='id': what tells one row from another", /config/);
  if (strategy === 'timestamp' && typeof updatedAt !== 'string')
    return error(
      'has the strategy timestamp, and no updated_at',
      "write updated_at='updated_at', or strategy='check'",
      /strategy/,
    );
  if (strategy === 'check' && (checkColumns === undefined || checkColumns === null))
    return error(
      'has the strategy check, and no check_cols',
      "write check_cols=['name'], or check_cols='all'",
      /strategy/,
    );
  return undefined;
}
