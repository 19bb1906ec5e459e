import { namedOrigins, noOrigins, transformed, union, type Origins } from './origins.js';
import type { FromPart, OutputColumn, RangeItem, Scope } from './query-types.js';

/** What an expression's value derives from. */
export interface Value {
  readonly origins: Origins;
  /** The columns of a composite value, where they are known. */
  readonly fields?: readonly OutputColumn[] | undefined;
}

/** Columns that every table has; they say nothing of its rows' contents. */
const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** A column by name; one that came with a star where no column has the name. */
export function findColumn(columns: readonly OutputColumn[], name: string): Value | undefined {
  const found = columns.filter((column) => column.name === name && name !== '*');
  const [first] = found;
  if (found.length === 1 && first !== undefined) return { origins: first.origins, fields: first.fields };
  if (found.length > 1) return { origins: union(found.map((column) => column.origins)) };
  const stars = columns.filter((column) => column.name === '*');
  if (stars.length === 0) return undefined;
  return { origins: union(stars.map((star) => namedOrigins(star.origins, name))) };
}

/** All columns of a row as one value. */
export function wholeRow(columns: readonly OutputColumn[]): Value {
  return { origins: transformed(union(columns.map((column) => column.origins))), fields: columns };
}

function* outward(scope: Scope): Generator<Scope> {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) yield at;
}

function findItem(scope: Scope, alias: string, schema?: string): RangeItem | undefined {
  for (const level of outward(scope)) {
    for (const part of level.parts)
      for (const item of part.items)
        if (item.alias === alias && (schema === undefined || item.schema === schema)) return item;
  }
  return undefined;
}

function named(parts: readonly FromPart[], name: string): readonly OutputColumn[] {
  return parts.flatMap((part) => part.columns.filter((column) => column.name === name && name !== '*'));
}

function findUnqualified(scope: Scope, name: string): Value | undefined {
  // A column that nobody declared may stand nearer than the one that is known: then the value may be of either.
  const undeclared: Origins[] = [];
  for (const { parts } of outward(scope)) {
    const found = named(parts, name);
    if (found.length > 0) {
      const value = findColumn(found, name) ?? { origins: noOrigins };
      return undeclared.length === 0 ? value : { origins: union([value.origins, ...undeclared]) };
    }
    for (const part of parts) {
      const star = findColumn(
        part.columns.filter((column) => column.name === '*'),
        name,
      );
      if (star !== undefined) undeclared.push(star.origins);
      for (const item of part.items) if (item.others !== undefined) undeclared.push(item.others);
    }
  }
  const item = findItem(scope, name);
  if (item !== undefined) {
    const row = wholeRow(item.columns);
    return { ...row, origins: union([row.origins, item.others ?? noOrigins, ...undeclared]) };
  }
  return undeclared.length === 0 ? undefined : { origins: union(undeclared) };
}

/** What a column reference (`email`, `p.email`, `staging.p.email`, or the table `p` as a row) derives from; undefined where there is no such column. */
export function resolveColumn(scope: Scope, path: readonly string[]): Value | undefined {
  const name = path.at(-1) ?? '';
  if (path.length === 1) return findUnqualified(scope, name) ?? system(scope, name);
  const item = findItem(scope, path.at(-2) ?? '', path.at(-3));
  if (item === undefined) return undefined;
  const column = named([{ items: [], columns: item.columns, isOrdered: true, control: () => noOrigins }], name);
  if (column.length > 0) return findColumn(column, name);
  if (systemColumns.has(name)) return { origins: noOrigins };
  return findColumn(item.columns, name) ?? (item.others === undefined ? undefined : { origins: item.others });
}

function system(scope: Scope, name: string): Value | undefined {
  return systemColumns.has(name) && scope.parts.length > 0 ? { origins: noOrigins } : undefined;
}

/** The columns that `*`, `p.*` or `staging.p.*` gives; undefined where there is no such table, or nothing names its columns. */
export function expandStar(scope: Scope, path: readonly string[]): readonly OutputColumn[] | undefined {
  const isNameless = (item: RangeItem): boolean => item.columns.length === 0 && item.others !== undefined;
  if (path.length === 0) {
    const isKnown = !scope.parts.some((part) => part.items.some(isNameless));
    return isKnown ? scope.parts.flatMap((part) => part.columns) : undefined;
  }
  const item = findItem(scope, path.at(-1) ?? '', path.at(-2));
  return item === undefined || isNameless(item) ? undefined : item.columns;
}
