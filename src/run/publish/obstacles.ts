import { ChemflowError } from '../../error/index.js';
import type { Column, RelationType } from '../../types/index.js';
import type { DependentView, InspectedRelation } from './inspect.js';

/** Will this run rebuild the relation of this name later on? */
export type IsPending = (relation: { readonly schema: string; readonly name: string }) => boolean;

interface NewColumn {
  readonly name: string;
  readonly type: string;
}

/** The columns that a view reads and that would be gone or have another type. */
export function brokenColumns(view: DependentView, old: InspectedRelation, columns: readonly NewColumn[]): string[] {
  const types = new Map(columns.map((column) => [column.name, column.type]));
  const oldTypes = new Map(old.columns.map((column) => [column.name, column.type]));
  return view.columns.filter((name) => types.get(name) !== oldTypes.get(name));
}

/** Why the old relation cannot be renamed away: what hangs on it and may not be made again by this user. */
export function renameObstacles(old: InspectedRelation): string[] {
  return [
    ...(old.mayOwn ? [] : [`it belongs to ${old.owner}`]),
    ...old.views.filter((view) => !view.mayRemake).map((view) => `${describeView(view)} of ${view.owner} reads it`),
    ...old.others.map((other) => `${other.description} hangs on it`),
  ];
}

/** `view core.x` or `materialized view core.x`. */
export function describeView(view: DependentView): string {
  return `${view.kind === 'view' ? 'view' : 'materialized view'} ${view.schema}.${view.name}`;
}

/**
 * What could not live on if the relation got these columns and this type, as lines for the user. Relations that this run rebuilds itself are left out:
 * they stay on the old relation until their turn.
 */
export function lostDependents(
  old: InspectedRelation,
  newType: RelationType,
  columns: readonly NewColumn[],
  isPending: IsPending,
): string[] {
  const names = new Set(columns.map((column) => column.name));
  const isOtherKind = old.kind !== newType;
  const views = old.views
    .filter((view) => !isPending(view))
    .flatMap((view) => {
      const broken = brokenColumns(view, old, columns);
      if (broken.length > 0) {
        const list = broken.map((name) => (names.has(name) ? `${name} (its type changes)` : `${name} (gone)`));
        return [`${describeView(view)} reads ${list.join(', ')}`];
      }
      return isOtherKind && !view.mayRemake
        ? [`${describeView(view)} belongs to ${view.owner} and cannot be re-made`]
        : [];
    });
  const others = old.others.flatMap((other) => {
    if (isOtherKind) return [`${other.description} hangs on the ${old.kind.replace('_', ' ')}`];
    const gone = (other.referencedColumns ?? []).filter((name) => !names.has(name));
    return gone.length > 0 ? [`${other.description} refers to ${gone.join(', ')} (gone)`] : [];
  });
  return [...views, ...others];
}

/** The error that stops a node before it builds, with the list and the choices. */
export function dependentsError(relation: string, lost: readonly string[], nodeName: string): ChemflowError {
  return new ChemflowError({
    code: 'RUN.DEPENDENTS',
    message: `${relation} was not rebuilt, because of what hangs on it:\n${lost.map((line) => `  - ${line}`).join('\n')}`,
    hint: `keep the columns, or rebuild its readers in the same run (--select ${nodeName}+), or drop them first`,
    exitCode: 1,
  });
}

/** Columns as the catalog knows them, in the shape of this folder. */
export function toNewColumns(columns: readonly Column[]): NewColumn[] {
  return columns.map((column) => ({ name: column.name, type: column.dataType }));
}
