import { ChemflowError, didYouMean, throwAll } from '../error/index.js';
import type { ExecutableNode, Json, JsonObject, Manifest } from '../types/index.js';

/** What a model's `meta` says of its rows: whom each is about, when it was observed, what was known then and what came later. */
export interface Declaration {
  readonly node: ExecutableNode;
  readonly entity: readonly string[];
  readonly observedAt: string;
  readonly features: readonly string[];
  readonly labels: readonly string[];
}

const keys = ['entity', 'observed_at', 'features', 'labels'] as const;

/** Does a model declare features, so that they can be checked? */
export function declaresFeatures(node: ExecutableNode): boolean {
  return node.resource_type === 'model' && ('features' in node.meta || 'observed_at' in node.meta);
}

function invalid(manifest: Manifest, node: ExecutableNode, message: string): ChemflowError {
  const file = node.patch_path?.replace(/^[^:]*:\/\//, '') ?? node.original_file_path;
  return new ChemflowError({
    code: 'LEAKAGE.META',
    message: `${node.name}: ${message}`,
    hint: `write it in ${file}: meta: {entity: [user_id], observed_at: observed_at, features: [...], labels: [...]}`,
    place: {
      file: node.original_file_path,
      line: node.line,
      column: 1,
      text: manifest.files[node.original_file_path],
    },
  });
}

function names(value: Json | undefined): readonly string[] | undefined {
  const list = typeof value === 'string' ? [value] : value;
  return Array.isArray(list) && list.every((name) => typeof name === 'string' && name !== '')
    ? (list as string[])
    : undefined;
}

/** Reads a model's `meta`; throws LEAKAGE.META for all that is missing or of the wrong form. */
export function readDeclaration(manifest: Manifest, node: ExecutableNode): Declaration {
  const meta: JsonObject = node.meta;
  const missing = keys.filter((key) => key !== 'labels' && meta[key] === undefined);
  if (missing.length > 0) {
    throw invalid(manifest, node, `meta has no ${missing.join(', no ')}, so that its features cannot be checked.`);
  }
  const errors: ChemflowError[] = [];
  const list = (key: (typeof keys)[number], fallback?: readonly string[]): readonly string[] => {
    const value = meta[key] === undefined && fallback !== undefined ? fallback : names(meta[key]);
    if (value !== undefined) return value;
    errors.push(invalid(manifest, node, `meta.${key} must be a list of column names.`));
    return [];
  };
  const entity = list('entity');
  const features = list('features');
  const labels = list('labels', []);
  const observedAt = meta['observed_at'];
  if (typeof observedAt !== 'string' || observedAt === '')
    errors.push(invalid(manifest, node, 'meta.observed_at must be the name of one column.'));
  if (errors.length === 0 && (entity.length === 0 || features.length === 0))
    errors.push(invalid(manifest, node, 'meta.entity and meta.features must each name a column.'));
  const both = features.filter((name) => labels.includes(name));
  if (both.length > 0)
    errors.push(invalid(manifest, node, `${both.join(', ')} cannot be a feature and a label at once.`));
  throwAll(errors);
  return { node, entity, observedAt: String(observedAt), features, labels };
}

/** Throws LEAKAGE.UNKNOWN_COLUMN for each declared column that the model does not have, LEAKAGE.TYPE where observed_at is no moment and no date. */
export function checkColumns(declaration: Declaration, types: ReadonlyMap<string, string>): void {
  const { node, entity, observedAt, features, labels } = declaration;
  const missing = [...new Set([...entity, observedAt, ...features, ...labels])].filter((name) => !types.has(name));
  throwAll(
    missing.map(
      (name) =>
        new ChemflowError({
          code: 'LEAKAGE.UNKNOWN_COLUMN',
          message: `${node.name} has no column "${name}", which its meta names.`,
          hint: didYouMean(name, [...types.keys()]) ?? `its columns are ${[...types.keys()].join(', ')}`,
        }),
    ),
  );
  const type = types.get(observedAt) ?? '';
  if (!/^(date$|timestamp)/.test(type)) {
    throw new ChemflowError({
      code: 'LEAKAGE.TYPE',
      message: `${node.name}.${observedAt} is of type ${type}; observed_at must be a timestamp with or without time zone, or a date.`,
      hint: 'name the column that says when a row was observed',
    });
  }
}
