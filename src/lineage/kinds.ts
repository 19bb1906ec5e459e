import type { DeclassifierConfig, Json, JsonObject } from '../types/index.js';
import { settingsRelation } from './expression-value.js';
import type { Origin } from './origins.js';
import type { RelationLineage } from './relation-lineage.js';

/** The kind of a source's column that nobody classified: it counts as personal until somebody does. */
export const unclassified = 'unclassified';
/** The kind of the columns of a relation whose SQL cannot be followed. */
export const unknownKind = 'unknown';
/** The kind of chemflow's own settings, the salt among them. */
export const secretKind = 'secret';

/** The kinds of personal data that `meta: {pii: ...}` declares: a kind, a list of kinds, or `none`; undefined where it says nothing. */
export function declaredKinds(meta: JsonObject): readonly string[] | undefined {
  const value: Json | undefined = meta['pii'];
  if (value === undefined || value === null) return undefined;
  const kinds = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map((kind) => String(kind as string));
  return kinds.filter((kind) => kind !== 'none' && kind !== 'false');
}

/** What a declassifier takes out, by its name: some kinds, or all (null). */
export type TakenKinds = ReadonlyMap<string, readonly string[] | null>;

/** The kinds that each declassifier of a project takes out. */
export function takenKinds(declassifiers: readonly DeclassifierConfig[]): TakenKinds {
  return new Map(declassifiers.map(({ name, kinds }) => [name, kinds]));
}

/** The kinds that come with an origin: those of its column without what the declassifiers on its way took out. */
export function kindsThrough(
  origin: Origin,
  relationOf: (id: string) => RelationLineage | undefined,
  taken: TakenKinds,
): readonly string[] {
  const kinds = kindsOfColumn(origin, relationOf);
  return kinds.filter(
    (kind) =>
      kind === secretKind ||
      !origin.declassifiers.some((name) => {
        const own = taken.get(name);
        return own === null || own?.includes(kind) === true;
      }),
  );
}

function kindsOfColumn(origin: Origin, relationOf: (id: string) => RelationLineage | undefined): readonly string[] {
  if (origin.relation === settingsRelation) return [secretKind];
  const relation = relationOf(origin.relation);
  if (relation === undefined || relation.problem !== undefined) return [unknownKind];
  const column = relation.columns.find(({ name }) => name === origin.column);
  return (column ?? relation.columns.find(({ name }) => name === '*'))?.kinds ?? [];
}
