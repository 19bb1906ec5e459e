import { personalColumns } from '../person/index.js';
import type { SourceTable } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { KeptRelation } from './plan.js';

/** Kinds that say where somebody lives or works, which many do: no text to recognize a person by. */
const kindsOfMany = new Set(['employment', 'location']);

/** A text as it is searched for and in: as rows print it, but without what their printing adds to quotes and backslashes. */
export function searched(expression: string): string {
  return `translate(lower(${expression}), '"\\', '')`;
}

/**
 * Expressions over a relation as `t`, each null or a text that a person may be recognized by: personal columns of at least six characters, full names
 * (two names; one alone is many people's), and uuids of the row of the person's own.
 */
export function cellsOf(relation: KeptRelation, people: SourceTable): readonly string[] {
  const columns = personalColumns(relation.resource);
  const text = (name: string): string => `btrim(t.${quoteIdentifier(name)}::text)`;
  const isName = (kinds: readonly string[]): boolean => kinds.includes('name');
  const names = columns.filter(({ kinds }) => isName(kinds)).map(({ name }) => text(name));
  const pairs = names.flatMap((first) =>
    names.filter((second) => second !== first).map((second) => `nullif(${first}, '') || ' ' || nullif(${second}, '')`),
  );
  const single = columns
    .filter(({ kinds }) => !kinds.every((kind) => kindsOfMany.has(kind)))
    .map(({ name, kinds }) =>
      isName(kinds) ? `case when position(' ' in ${text(name)}) > 0 then ${text(name)} end` : text(name),
    );
  const isOwn = relation.resource.unique_id === people.unique_id;
  const keys = isOwn
    ? Object.values(relation.resource.columns)
        .filter((column) => column.data_type === 'uuid')
        .map(({ name }) => text(name))
    : [];
  return [...new Set([...single, ...pairs, ...keys])].map((cell) => {
    const shown = searched(`left(${cell}, 200)`);
    return `case when length(${cell}) >= 6 then ${shown} end`;
  });
}

/** The text of a column by which a row says which person it is another account of. */
export function linkCell(column: string): string {
  return searched(`left(btrim(t.${quoteIdentifier(column)}::text), 200)`);
}
