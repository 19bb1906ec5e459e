import { ChemflowError, didYouMean } from '../error/index.js';
import { readSourceSyncs } from '../state/index.js';
import type { ExecutableNode, Manifest, Session } from '../types/index.js';
import { isoTime } from '../util/civil-time.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** A source table that a dataset is made of, and how current its copy is. */
export interface CardSource {
  readonly source: string;
  readonly table: string;
  /** Start of the run that last copied it; null where chemflow does not copy it, or has not yet. */
  readonly synced_at: string | null;
  /** What the source's own clock said at the last whole extraction. */
  readonly clock: string | null;
}

/** The moment that data describe, from the one row of a model (`meta: {as_of: {model, column}}`). Throws EXPORT.AS_OF where there is no such row. */
export async function readAsOf(
  session: Session,
  manifest: Manifest,
  from: { readonly model: string; readonly column: string },
): Promise<string | null> {
  const nodes = Object.values(manifest.nodes).filter((node) => node.resource_type !== 'test');
  const node = nodes.find((one) => one.name === from.model);
  if (node?.relation_name === undefined || node.relation_name === null)
    throw new ChemflowError({
      code: 'EXPORT.AS_OF',
      message: `meta.as_of names the model "${from.model}", which is no relation of this project.`,
      hint:
        didYouMean(
          from.model,
          nodes.map((one) => one.name),
        ) ?? 'write meta: {as_of: {model: <a one-row model>, column: <its column>}}',
    });
  const { rows } = await session.query(`select ${quoteIdentifier(from.column)} from ${node.relation_name} limit 2`);
  if (rows.length !== 1)
    throw new ChemflowError({
      code: 'EXPORT.AS_OF',
      message: `meta.as_of names the model "${from.model}", which has ${rows.length === 0 ? 'no row' : 'more than one row'}.`,
      hint: `chemflow run --select ${from.model}`,
      exitCode: 1,
    });
  const value = rows[0]?.[0] ?? null;
  return value === null ? null : isoTime(value);
}

/** The source tables that a node is made of, however far up, by name; with the times of the session's snapshot. */
export async function sourcesOf(
  session: Session,
  manifest: Manifest,
  node: ExecutableNode,
): Promise<readonly CardSource[]> {
  const seen = new Set<string>();
  const waiting = [...node.depends_on.nodes];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(manifest.nodes[id]?.depends_on.nodes ?? []));
  }
  const tables = [...seen].flatMap((id) => manifest.sources[id] ?? []);
  if (tables.length === 0) return [];
  const syncs = new Map(
    (await readSourceSyncs(session)).map((sync) => [`${sync.stagingSchema}.${sync.stagingTable}`, sync]),
  );
  return tables
    .map((table): CardSource => {
      const sync = syncs.get(`${table.schema}.${table.identifier}`);
      return {
        source: table.source_name,
        table: table.name,
        synced_at: sync === undefined ? null : isoTime(sync.syncedAt),
        clock: sync?.clock === undefined || sync.clock === null ? null : isoTime(sync.clock),
      };
    })
    .sort((a, b) => (`${a.source}.${a.table}` < `${b.source}.${b.table}` ? -1 : 1));
}
