import type { Json, JsonObject } from '../types/index.js';

/** What a model's `meta` says of it as a dataset. */
export interface DatasetMeta {
  /** Columns that name what a row is about. */
  readonly entity: readonly string[];
  readonly observedAt: string | null;
  readonly features: readonly string[];
  readonly labels: readonly string[];
  /** Where the moment that the data describe stands: a one-row model and its column. */
  readonly asOf: { readonly model: string; readonly column: string } | null;
}

/** Reads `meta: {entity, observed_at, features, labels, as_of: {model, column}}`; each may be left out. */
export function readDatasetMeta(meta: JsonObject): DatasetMeta {
  const asOf = meta['as_of'];
  const isNamed = isObject(asOf) && typeof asOf['model'] === 'string' && typeof asOf['column'] === 'string';
  return {
    entity: names(meta['entity']),
    observedAt: names(meta['observed_at'])[0] ?? null,
    features: names(meta['features']),
    labels: names(meta['labels']),
    asOf: isNamed ? { model: String(asOf['model']), column: String(asOf['column']) } : null,
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One name, a list of them, or a mapping by them. */
function names(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Json[]).filter((item) => typeof item === 'string');
  return isObject(value) ? Object.keys(value) : [];
}

/** What a column is for, in the words of the data card. */
export function roleOf(column: string, meta: DatasetMeta): string {
  if (meta.entity.includes(column)) return 'entity';
  if (meta.observedAt === column) return 'observation';
  if (meta.features.includes(column)) return 'feature';
  if (meta.labels.includes(column)) return 'label';
  return splitColumns.includes(column) ? 'split' : '';
}

/** The columns that say which part of an experiment a row belongs to. */
export const splitColumns: readonly string[] = ['split', 'time_split'];
