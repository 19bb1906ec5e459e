import { renderRelation } from '../materializations/index.js';
import type { Relation, ResourceId } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { InputColumn, InputTable } from './input-tables.js';
import { changedValue, fractionOf, isLater, movedMoment, newKey, type Cut } from './later-value.js';

/** What can happen to the rows of a table after a moment, or not have happened at all. */
export type Perturbation = 'changed' | 'deleted' | 'added' | 'undone' | 'emptied';

/** How a perturbation is told in a result. */
export const perturbationWords: Readonly<Record<Perturbation, string>> = {
  changed: 'rows are changed after it',
  deleted: 'rows are deleted after it',
  added: 'rows are added after it',
  undone: 'the rows and deletions of after it are taken away',
  emptied: 'values that can be rewritten after it are emptied',
};

/** Two futures that exclude each other: much more happens than did, and nothing does. */
export const futures: readonly (readonly Perturbation[])[] = [
  ['changed', 'deleted', 'added'],
  ['undone', 'emptied'],
];

interface Copying {
  readonly table: InputTable;
  readonly cut: Cut;
  readonly does: (kind: Perturbation) => boolean;
}

const value = (column: InputColumn): string => `r.${quoteIdentifier(column.name)}`;
const columnOf = (table: InputTable, name: string): InputColumn => {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined) throw new Error(`${table.label} has no column ${name}.`);
  return column;
};

/** SQL of a text that tells the rows of a table apart, and each time in the same way. */
function rowText({ rules }: InputTable): string {
  const parts = rules.key.length === 0 ? ['r'] : rules.key.map((name) => `r.${quoteIdentifier(name)}`);
  if (rules.isHistory) parts.push(`r.${quoteIdentifier(rules.created)}`);
  return `concat_ws('|', ${parts.map((part) => `${part}::text`).join(', ')})`;
}

function endedValue({ table, cut, does }: Copying, column: InputColumn): string {
  const [later, text] = [isLater(cut, column, 'r'), rowText(table)];
  const moved = movedMoment(cut, column, text);
  // Half of the rows go on living, so that what is added to them and changed in them is seen too.
  const deletion = table.rules.isHistory ? moved : `case when ${fractionOf(text)} < 0.5 then ${moved} end`;
  if (does('deleted')) return `case when ${later} is not false then ${deletion} else ${value(column)} end`;
  if (does('undone')) return `case when ${later} then null else ${value(column)} end`;
  return value(column);
}

/** What a column of a row is when the table was perturbed; `came` says in SQL whether the row came only after the cut. */
function perturbedValue(copying: Copying, column: InputColumn, came: string): string {
  const { table, cut, does } = copying;
  const { rules } = table;
  const own = value(column);
  if (column.name === rules.created)
    return does('changed') ? `case when ${came} then ${movedMoment(cut, column, rowText(table))} else ${own} end` : own;
  if (rules.ended.includes(column.name)) return endedValue(copying, column);
  const isFixed = [...rules.key, ...rules.unique].includes(column.name) || rules.timeless.has(column.name);
  if (isFixed) return own;
  if (does('changed')) {
    const changed = changedValue(cut, column, 'r', rowText(table));
    return rules.isHistory ? `case when ${came} then ${changed} else ${own} end` : changed;
  }
  return does('emptied') && !rules.isHistory ? `null::${column.type}` : own;
}

/** SQL of a row that is new after the cut: the template's values changed, its keys new, its references those of the row's number. */
function addedValue({ table, cut }: Copying, column: InputColumn): string | undefined {
  const { rules } = table;
  const text = "'added' || i.n";
  const reference = [...rules.references.keys()].indexOf(column.name);
  if (reference >= 0) return `p${reference}.v::text::${column.type}`;
  // A version of somebody who is known keeps the key; all else is a row of its own.
  const isNew = rules.unique.includes(column.name) || (rules.key.includes(column.name) && !rules.isHistory);
  if (isNew) return newKey(column, renderRelation(table.relation), 'i.n');
  if (column.name === rules.created) return movedMoment(cut, column, text);
  if (rules.ended.includes(column.name)) return `null::${column.type}`;
  if (rules.key.includes(column.name) || rules.timeless.has(column.name)) return value(column);
  return changedValue(cut, column, 'r', text);
}

/** The statement that adds rows after the cut: one for each value that a reference may have, or one for each row that is there; none where no key can be made up. */
function addition(copying: Copying, target: string, standing: (id: ResourceId) => Relation): string | undefined {
  const { table, cut } = copying;
  const { rules } = table;
  const values = table.columns.map((column) => addedValue(copying, column));
  if (values.includes(undefined)) return undefined;
  const names = table.columns.map((column) => quoteIdentifier(column.name)).join(', ');
  const lists = [...rules.references.values()].map(({ id, column }, index) => {
    const name = quoteIdentifier(column);
    return {
      with: `p${index} as materialized (select v, row_number() over (order by v) as n, count(*) over () as total from (select distinct ${name} as v from ${renderRelation(standing(id))} where ${name} is not null) as parents)`,
      join: `left join p${index} on p${index}.n = (i.n - 1) % (select max(total) from p${index}) + 1`,
      count: `(select count(*) from p${index})`,
    };
  });
  const [first] = rules.ended;
  const isOpen =
    rules.isHistory && first !== undefined ? `where ${isLater(cut, columnOf(table, first), 'o')} is not false` : '';
  const order = rules.key.map((key) => `o.${quoteIdentifier(key)}`).join(', ');
  const inOrder = order === '' ? '' : `order by ${order}`;
  return `insert into ${target} (${names})
with t as materialized (
  select o.*, row_number() over (${inOrder}) as chemflow_n, count(*) over () as chemflow_total from ${renderRelation(table.relation)} as o ${isOpen}
)${lists.map((list) => `,\n${list.with}`).join('')}
select ${values.join(', ')}
from generate_series(1, ${lists.length === 0 ? '(select count(*) from t)' : `greatest(${lists.map((list) => list.count).join(', ')})`}) as i (n)
left join t as r on r.chemflow_n = (i.n - 1) % (select max(chemflow_total) from t) + 1
${lists.map((list) => list.join).join('\n')}`;
}

/**
 * The statements that make a copy of an input table as it would stand if other things had happened after the cut. Rows and values that were known at it
 * are as they are. `standing` says where another input is read: its copy, once that is made.
 */
export function perturbedCopy(
  table: InputTable,
  target: Relation,
  cut: Cut,
  kinds: readonly Perturbation[],
  standing: (id: ResourceId) => Relation,
): readonly string[] {
  const does = (kind: Perturbation): boolean => kinds.includes(kind);
  const copying: Copying = { table, cut, does };
  const name = renderRelation(target);
  // What has no moment is not known to have been there.
  const came = `(${isLater(cut, columnOf(table, table.rules.created), 'r')} is not false)`;
  const list = table.columns.map(
    (column) => `${perturbedValue(copying, column, came)} as ${quoteIdentifier(column.name)}`,
  );
  const rows = does('undone') ? `where not ${came}` : '';
  const added = does('added') ? addition(copying, name, standing) : undefined;
  return [
    `create unlogged table ${name} as select ${list.join(', ')} from ${renderRelation(table.relation)} as r ${rows}`,
    ...(added === undefined ? [] : [added]),
    `analyze ${name}`,
  ];
}

/** Parents before what refers to them, so that a new row can belong to a new parent. */
export function inReferenceOrder(tables: readonly InputTable[]): readonly InputTable[] {
  const ordered: InputTable[] = [];
  const visit = (table: InputTable, path: readonly ResourceId[]): void => {
    if (ordered.includes(table) || path.includes(table.id)) return;
    for (const { id } of table.rules.references.values()) {
      const parent = tables.find((one) => one.id === id);
      if (parent !== undefined) visit(parent, [...path, table.id]);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
}
