import { ChemflowError } from '../error/index.js';
import type { Graph } from '../graph/index.js';
import { renderRelation } from '../materializations/index.js';
import type { Adapter, Manifest, Relation, ResourceId, RunResult, Session } from '../types/index.js';
import { quoteLiteral } from '../util/sql-text.js';
import { isStateTable, whereInputIs, type Ancestry, type InputTable } from './input-tables.js';
import type { Cut } from './later-value.js';
import { inReferenceOrder, perturbedCopy, type Perturbation } from './perturb-sql.js';
import { keptSchema, makeScratch, scratchManifest, scratchRelation, scratchSchema } from './scratch.js';

/** What is different in a world: which tables, from which moment on, in which ways. */
export interface Change {
  readonly cut: Cut;
  readonly kinds: readonly Perturbation[];
  readonly tables: readonly InputTable[];
}

/** The scratch schemas of a check, in which one world after the other stands. */
export interface Worlds {
  /** Makes the world anew, as it is or changed, and builds the models in it; resolves to why those could not be built that were not. */
  build(change: Change | undefined, models: readonly ResourceId[]): Promise<ReadonlyMap<ResourceId, unknown>>;
  /** Up to when things are made to happen after a cut: the sources' clock, where it is later. */
  until(session: Session, cut: string): Promise<string>;
}

/** What worlds are made of. */
export interface WorldOptions {
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly adapter: Adapter;
  readonly ancestry: Ancestry;
  readonly inputs: readonly InputTable[];
  readonly build: (manifest: Manifest, ids: readonly ResourceId[]) => Promise<readonly RunResult[]>;
  /** Heard by no interruption, so that schemas can be dropped after one. */
  readonly cleaner: Session;
}

/** Prepares the scratch schemas of a check; nothing is made before build(). */
export function createWorlds(options: WorldOptions): Worlds {
  const { manifest, graph, adapter, ancestry, inputs, cleaner } = options;
  const moved = scratchManifest(manifest, ancestry);
  const schemas = new Set(
    [...ancestry.inputs, ...ancestry.built].map((id) => scratchSchema(whereInputIs(manifest, id).relation.schema)),
  );
  const stateTables = ancestry.inputs.filter((id) => isStateTable(manifest, id));
  let isKept = false;

  const copies = (change: Change | undefined): readonly string[] => {
    const done = new Set<ResourceId>();
    const standing = (id: ResourceId): Relation => {
      const { relation } = whereInputIs(manifest, id);
      return done.has(id) ? scratchRelation(relation) : relation;
    };
    return inReferenceOrder(inputs).flatMap((table) => {
      const target = scratchRelation(table.relation);
      const isChanged = change !== undefined && change.tables.includes(table);
      // What is added to must be a table; the rest can be looked at where it is.
      const plain = table.rules.isHistory
        ? [`create unlogged table ${renderRelation(target)} as table ${renderRelation(table.relation)}`]
        : [`create view ${renderRelation(target)} as table ${renderRelation(table.relation)}`];
      const statements = isChanged ? perturbedCopy(table, target, change.cut, change.kinds, standing) : plain;
      done.add(table.id);
      return statements;
    });
  };
  const stateCopies = stateTables.map((id) => copyOfStateTable(manifest, id, ancestry));

  return {
    build: async (change, models) => {
      await makeScratch(cleaner, [...schemas, ...(isKept ? [] : [keptSchema])]);
      isKept = true;
      const statements = [...stateCopies, ...copies(change)];
      await adapter.withSession(async (session) => {
        for (const statement of statements) await session.query(statement);
      });
      const needed = new Set(models.flatMap((id) => [id, ...graph.ancestors(id)]));
      const ids = graph.order(ancestry.built.filter((id) => needed.has(id)));
      return failures(models, await options.build(moved, ids), graph);
    },
    until: (session, cut) => untilOf(session, cut, manifest, ancestry),
  };
}

/** Of the models that could not be built, or something that they stand on, the reason. */
function failures(
  models: readonly ResourceId[],
  results: readonly RunResult[],
  graph: Graph,
): ReadonlyMap<ResourceId, unknown> {
  const failed = results.filter((result) => result.status === 'error');
  const stopped = new ChemflowError({ code: 'RUN.INTERRUPTED', message: 'The check was interrupted.', exitCode: 1 });
  return new Map(
    models.flatMap((id): [ResourceId, unknown][] => {
      const culprit = failed.find((result) => result.id === id || graph.ancestors(id).has(result.id));
      if (culprit !== undefined) return [[id, culprit.error ?? new Error(culprit.message ?? culprit.id)]];
      return results.some((result) => result.id === id && result.status === 'success') ? [] : [[id, stopped]];
    }),
  );
}

/** chemflow's own clocks are found by the name of a source's schema, which is another one in the check. */
function copyOfStateTable(manifest: Manifest, id: ResourceId, ancestry: Ancestry): string {
  const { relation } = whereInputIs(manifest, id);
  const staged = new Set(
    ancestry.inputs
      .filter((input) => manifest.sources[input] !== undefined && !isStateTable(manifest, input))
      .map((input) => whereInputIs(manifest, input).relation.schema),
  );
  const copy = renderRelation(scratchRelation(relation));
  const renamed = [...staged].map(
    (schema) =>
      `update ${copy} set staging_schema = ${quoteLiteral(scratchSchema(schema))} where staging_schema = ${quoteLiteral(schema)}`,
  );
  const create = `create unlogged table ${copy} as table ${renderRelation(relation)}`;
  return [create, ...(relation.identifier === 'source_clocks' ? renamed : [])].join(';\n');
}

async function untilOf(session: Session, cut: string, manifest: Manifest, ancestry: Ancestry): Promise<string> {
  const schemas = ancestry.inputs.map((id) => whereInputIs(manifest, id).relation.schema);
  const { rows } = await session.query(
    `select coalesce(min(clock) filter (where clock > $1::timestamptz), $1::timestamptz + interval '30 days')::text
from chemflow.source_clocks where staging_schema = any ($2)`,
    [cut, schemas],
  );
  return rows[0]?.[0] ?? cut;
}
