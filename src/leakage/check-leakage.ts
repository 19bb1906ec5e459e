import { ChemflowError } from '../error/index.js';
import type { Graph } from '../graph/index.js';
import { relationOf } from '../materializations/index.js';
import type { Adapter, Manifest, ResourceId, RunResult, Session } from '../types/index.js';
import { findCauses, type FoundLeak } from './find-causes.js';
import { readColumnTypes, readInputColumns } from './catalog.js';
import { chooseCuts } from './choose-cuts.js';
import { checkColumns, type Declaration } from './declaration.js';
import {
  isStateTable,
  readAncestry,
  readTimeRules,
  whereInputIs,
  type Ancestry,
  type InputTable,
} from './input-tables.js';
import { compareRows, keepRows, observedRows, type Leak, type ObservedRows } from './observed-rows.js';
import { futures } from './perturb-sql.js';
import { dropScratch, scratchRelation } from './scratch.js';
import { createWorlds, type Change, type Worlds } from './worlds.js';

/** How the check of one model ended. */
export interface LeakageOutcome {
  readonly declaration: Declaration;
  /** At how many moments rows of it were compared. */
  readonly cuts: number;
  /** The most rows that were compared at a cut. */
  readonly rows: number;
  readonly leaks: readonly FoundLeak[];
  /** Did a label change at least once? Where none does, nothing later was seen to matter. */
  readonly labelsDiffer: boolean;
  /** Why the model could not be checked. */
  readonly error?: unknown;
}

/** What a check is told. */
export interface CheckOptions {
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly declarations: readonly Declaration[];
  /** At how many moments of each model time is cut. */
  readonly cuts: number;
  /** Ends the check with the first world in which something leaks. */
  readonly failFast: boolean;
  readonly timezone: string;
  readonly adapter: Adapter;
  /** Builds nodes of a manifest by the ordinary run, in schemas that were made anew. */
  readonly build: (manifest: Manifest, ids: readonly ResourceId[]) => Promise<readonly RunResult[]>;
  readonly signal: AbortSignal;
}

/** What is known of a model while the check goes on. */
interface Checked {
  readonly declaration: Declaration;
  readonly id: ResourceId;
  rows: ObservedRows | undefined;
  cuts: number;
  most: number;
  labelsDiffer: boolean;
  readonly leaks: FoundLeak[];
  error?: unknown;
}

/**
 * Checks that features know nothing later than their moment: source rows are changed, deleted and added after moments in scratch schemas, the models are
 * rebuilt there, and what was observed by each moment must have the same features to the byte. The warehouse's own schemas are only read; the scratch ones
 * are dropped at the end, whatever it is.
 */
export async function checkLeakage(options: CheckOptions): Promise<readonly LeakageOutcome[]> {
  const cleaner = await options.adapter.open('chemflow leakage', { bookkeeping: true });
  try {
    await dropScratch(cleaner);
    return await checkModels(options, cleaner);
  } finally {
    await dropScratch(cleaner).finally(() => cleaner.close());
  }
}

async function checkModels(options: CheckOptions, cleaner: Session): Promise<readonly LeakageOutcome[]> {
  const { manifest, graph, adapter, timezone } = options;
  const models = options.declarations.map((declaration): Checked => ({
    declaration,
    id: declaration.node.unique_id,
    rows: undefined,
    cuts: 0,
    most: 0,
    labelsDiffer: false,
    leaks: [],
  }));
  const ancestry = readAncestry(
    manifest,
    graph,
    models.map(({ id }) => id),
  );
  const inputs = await adapter.withSession((session) => readInputs(session, manifest, ancestry));
  const worlds = createWorlds({ ...options, ancestry, inputs, cleaner });
  const built = await buildWorld(worlds, undefined, models);
  for (const [index, model] of built.entries()) {
    await adapter
      .withSession((session) => keepModel(session, model, timezone, index))
      .catch((error: unknown) => {
        model.error = error;
      });
  }
  await compareWorlds(options, models, worlds, inputs);
  return models.map(({ most, ...model }) => ({ ...model, rows: most }));
}

/** Builds a world; resolves to the models that stand in it, and notes of the others why they do not. */
async function buildWorld(
  worlds: Worlds,
  change: Change | undefined,
  models: readonly Checked[],
): Promise<readonly Checked[]> {
  const failed = await worlds.build(
    change,
    models.map(({ id }) => id),
  );
  for (const model of models) if (failed.has(model.id)) model.error = failed.get(model.id);
  return models.filter(({ id }) => !failed.has(id));
}

async function keepModel(session: Session, model: Checked, timezone: string, index: number): Promise<void> {
  const { declaration } = model;
  const { node, entity, observedAt } = declaration;
  const types = await readColumnTypes(session, scratchRelation(relationOf(node)));
  checkColumns(declaration, types);
  const rows = observedRows(declaration, types, timezone, index);
  const { undated, repeated } = await keepRows(session, rows);
  if (undated + repeated > 0) {
    const what =
      undated > 0
        ? `${undated} rows have no ${observedAt}`
        : `${repeated} rows share ${[...entity, observedAt].join(', ')} with another`;
    throw new ChemflowError({
      code: 'LEAKAGE.ROWS',
      message: `${node.name}: ${what}, so that they cannot be found again.`,
      hint: 'entity and observed_at must name one row, and neither be null',
    });
  }
  model.rows = rows;
}

async function readInputs(session: Session, manifest: Manifest, ancestry: Ancestry): Promise<readonly InputTable[]> {
  const inputs: InputTable[] = [];
  for (const id of ancestry.inputs) {
    if (isStateTable(manifest, id)) continue;
    const { relation, label } = whereInputIs(manifest, id);
    const columns = await readInputColumns(session, relation, label);
    inputs.push({ id, label, relation, columns, rules: readTimeRules(manifest, id, columns, ancestry.inputs) });
  }
  return inputs;
}

async function compareWorlds(
  { adapter, timezone, signal, cuts, failFast }: CheckOptions,
  models: readonly Checked[],
  worlds: Worlds,
  inputs: readonly InputTable[],
): Promise<void> {
  const sound = (): readonly Checked[] =>
    models.filter((model) => model.rows !== undefined && model.error === undefined);
  const compare = async (change: Change, model: Checked): ReturnType<typeof compareRows> => {
    const { rows } = model;
    if (rows === undefined) throw new Error(`${model.id} was not kept.`);
    return await adapter.withSession((session) => compareRows(session, rows, change.cut.at));
  };
  const kept = sound().flatMap(({ rows }) => rows ?? []);
  const moments = await adapter.withSession((session) => chooseCuts(session, kept, cuts));
  for (const at of moments) {
    const until = await adapter.withSession((session) => worlds.until(session, at));
    const seen = new Set<Checked>();
    for (const kinds of futures) {
      const change: Change = { cut: { at, until, timezone }, kinds, tables: inputs };
      // All are compared before the causes are looked for, since those are worlds of their own.
      const leaking: { readonly model: Checked; readonly leaks: readonly Leak[] }[] = [];
      for (const model of await buildWorld(worlds, change, sound())) {
        const found = await compare(change, model);
        if (found.rows > 0) seen.add(model);
        model.most = Math.max(model.most, found.rows);
        model.labelsDiffer ||= found.labelsDiffer;
        const leaks = found.leaks.filter((leak) => model.leaks.every((one) => one.feature !== leak.feature));
        if (leaks.length > 0) leaking.push({ model, leaks });
      }
      for (const { model, leaks } of leaking) {
        const again = async (narrower: Change): ReturnType<typeof compareRows> => {
          const failed = await worlds.build(narrower, [model.id]);
          return failed.size > 0 ? { rows: 0, leaks: [], labelsDiffer: false } : await compare(narrower, model);
        };
        model.leaks.push(...(await findCauses(leaks, change, again)));
      }
      if (signal.aborted || (failFast && models.some(({ leaks, error }) => leaks.length > 0 || error !== undefined)))
        return;
    }
    for (const model of seen) model.cuts += 1;
  }
}
