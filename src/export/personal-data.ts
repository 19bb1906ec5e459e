import { ChemflowError } from '../error/index.js';
import { declaredKinds } from '../lineage/index.js';
import type { ExecutableNode, Manifest } from '../types/index.js';

/** A column that holds something of a person, and of which kind. */
export interface PersonalColumn {
  readonly column: string;
  readonly kind: string;
}

/**
 * The columns of a model that its properties call personal (`meta: {pii: <kind>}`). What a run has built beyond the raw schemas carries none undeclared:
 * the lineage check refuses to build it.
 */
export function personalColumns(node: ExecutableNode): readonly PersonalColumn[] {
  return Object.values(node.columns).flatMap((column) =>
    (declaredKinds(column.meta) ?? []).map((kind) => ({ column: column.name, kind })),
  );
}

/** The schemas that chemflow copies sources into: what is there is as raw as the sources are. */
function rawSchemas(manifest: Manifest): ReadonlySet<string> {
  return new Set(Object.values(manifest.sources).flatMap((table) => (table.connection === null ? [] : [table.schema])));
}

/** EXPORT.PERSONAL_DATA for a model that may not leave the database, or undefined for one that may. */
export function personalDataError(node: ExecutableNode, manifest: Manifest): ChemflowError | undefined {
  const columns = personalColumns(node);
  const isRaw = rawSchemas(manifest).has(node.schema);
  if (columns.length === 0 && !isRaw) return undefined;
  const list = columns.map(({ column, kind }) => `${column} (${kind})`).join(', ');
  return new ChemflowError({
    code: 'EXPORT.PERSONAL_DATA',
    message:
      columns.length > 0
        ? `${node.schema}.${node.alias} holds personal data and is not exported: ${list}.`
        : `${node.schema}.${node.alias} stands in the schema of the copied sources, whose personal data are not exported.`,
    hint: `export a model that keeps none of it; leave this one out with --exclude ${node.name}`,
  });
}
