import type { Hook, Json, JsonObject, NodeConfig } from '../types/index.js';
import { asList } from './merge-config.js';
import { isObject } from './yaml-file.js';

const nodeDefaults = {
  enabled: true,
  alias: null,
  schema: null,
  database: null,
  tags: [],
  meta: {},
  group: null,
  materialized: 'view',
  incremental_strategy: null,
  batch_size: null,
  lookback: 1,
  begin: null,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  grants: {},
  packages: [],
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
  event_time: null,
  concurrent_batches: null,
} as const;

const testDefaults = {
  enabled: true,
  alias: null,
  schema: 'dbt_test__audit',
  database: null,
  tags: [],
  meta: {},
  group: null,
  materialized: 'test',
  severity: 'ERROR',
  store_failures: null,
  store_failures_as: null,
  where: null,
  limit: null,
  fail_calc: 'count(*)',
  warn_if: '!= 0',
  error_if: '!= 0',
} as const;

const defaults: Readonly<Record<string, object>> = {
  model: { ...nodeDefaults, access: 'protected' },
  seed: { ...nodeDefaults, materialized: 'seed', delimiter: ',', quote_columns: null },
  snapshot: {
    ...nodeDefaults,
    materialized: 'snapshot',
    strategy: null,
    target_schema: null,
    target_database: null,
    updated_at: null,
    check_cols: null,
    snapshot_meta_column_names: {},
    dbt_valid_to_current: null,
    hard_deletes: 'ignore',
  },
  analysis: nodeDefaults,
  operation: nodeDefaults,
  test: testDefaults,
};

/** Hooks as a configuration writes them (a text, a mapping with `sql`, JSON of one, or a list of these). */
export function readHooks(value: Json | undefined): Hook[] {
  return asList(value).flatMap((entry): Hook[] => {
    let hook: Json = entry;
    if (typeof entry === 'string' && entry.trimStart().startsWith('{"')) {
      try {
        hook = JSON.parse(entry) as Json;
      } catch {
        // A text that only begins like JSON is SQL.
      }
    }
    if (isObject(hook)) return [{ sql: String(hook['sql'] as string), transaction: hook['transaction'] !== false }];
    return typeof hook === 'string' ? [{ sql: hook, transaction: true }] : [];
  });
}

/** A list of texts with each of them once, in the order of their first appearance. */
export function uniqueTexts(value: Json | undefined): string[] {
  return [
    ...new Set(
      asList(value)
        .flatMap((entry) => asList(entry))
        .map((entry) => String(entry as string)),
    ),
  ];
}

/** A resource's configuration: dbt's defaults of its kind under what was merged from all layers. */
export function nodeConfig(kind: string, merged: JsonObject): NodeConfig {
  const base = defaults[kind] as NodeConfig;
  const docs = isObject(merged['docs'])
    ? { ...(base['docs'] as JsonObject | undefined), ...merged['docs'] }
    : base['docs'];
  const contract = isObject(merged['contract'])
    ? { ...(base['contract'] as JsonObject | undefined), ...merged['contract'] }
    : base['contract'];
  return {
    ...base,
    ...merged,
    enabled: merged['enabled'] !== false,
    tags: uniqueTexts(merged['tags']),
    meta: isObject(merged['meta']) ? merged['meta'] : {},
    ...(docs === undefined ? {} : { docs }),
    ...(contract === undefined ? {} : { contract }),
    ...(kind === 'test'
      ? {}
      : { 'pre-hook': readHooks(merged['pre-hook']), 'post-hook': readHooks(merged['post-hook']) }),
  } as NodeConfig;
}
