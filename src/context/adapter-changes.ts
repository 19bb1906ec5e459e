import { type PyCallable, type PyValue } from '../jinja/index.js';
import type { Relation, RelationType } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { relationArgument, type AdapterMethod } from './adapter-method.js';
import { columnObject } from './column-object.js';
import { hostMethod, type CallArguments } from './host-method.js';
import { relationObject } from './relation-members.js';
import type { RelationChange, RunFrame } from './run-frame.js';

const words: Readonly<Record<RelationType, string>> = {
  table: 'table',
  view: 'view',
  materialized_view: 'materialized view',
  cte: 'table',
  external: 'foreign table',
  function: 'function',
};

function nameInSql(relation: Relation): string {
  return [relation.schema, relation.identifier]
    .filter((part) => part !== '')
    .map(quoteIdentifier)
    .join('.');
}

/** Runs the project's macro of this name where it defines one, else the SQL; then tells of the change. */
function change(
  frame: RunFrame,
  name: string,
  args: readonly PyValue[],
  sql: string,
  told: RelationChange | null,
): null {
  const own = frame.host.library.findOwn(name, frame.packageName);
  if (own === undefined) frame.database.query(sql, false);
  else frame.scope.bind(own)(args, new Map());
  if (told !== null) frame.database.changed(told);
  return null;
}

function onRelation(
  name: string,
  sql: (relation: Relation) => string,
  kind: 'dropped' | null,
): (frame: RunFrame) => PyCallable {
  return (frame) =>
    hostMethod(name, ['relation'], (call) => {
      const relation = relationArgument(call, 'relation');
      if (relation === null) return null;
      const told: RelationChange | null = kind === null ? null : { kind, relation };
      return change(frame, name, [call.get('relation') ?? null], sql(relation), told);
    });
}

function onSchema(
  name: string,
  sql: (schema: string) => string,
  kind: 'schema-created' | 'schema-dropped',
): AdapterMethod {
  return (frame) =>
    hostMethod(name, ['relation'], (call) => {
      const relation = relationArgument(call, 'relation');
      if (relation === null) return null;
      const told: RelationChange = { kind, database: relation.database, schema: relation.schema };
      return change(frame, name, [call.get('relation') ?? null], sql(relation.schema), told);
    });
}

function rename(frame: RunFrame, call: CallArguments): null {
  const relation = relationArgument(call, 'from_relation');
  const to = relationArgument(call, 'to_relation');
  if (relation === null || to === null) return null;
  const sql = `alter ${words[relation.type ?? 'table']} ${nameInSql(relation)} rename to ${quoteIdentifier(to.identifier)}`;
  const args = [call.get('from_relation') ?? null, call.get('to_relation') ?? null];
  return change(frame, 'rename_relation', args, sql, { kind: 'renamed', relation, to });
}

/** Widens text columns of a table to the length of another's, as an incremental model needs it. */
function expandColumns(frame: RunFrame, call: CallArguments): null {
  const from = relationArgument(call, 'from_relation');
  const to = relationArgument(call, 'to_relation');
  if (from === null || to === null) return null;
  const wanted = new Map(frame.database.columns(from).map((column) => [column.name, columnObject(column)] as const));
  for (const column of frame.database.columns(to).map(columnObject)) {
    const other = wanted.get(column.parts.column);
    if (other === undefined || !column.isString() || !other.isString()) continue;
    if (column.parts.charSize === null || other.stringSize() <= column.stringSize()) continue;
    const name = quoteIdentifier(column.parts.column);
    frame.database.query(`alter table ${nameInSql(to)} alter column ${name} type ${other.dataType()}`, false);
  }
  return null;
}

/** A method that only tells of a change which the template has made itself. */
function told(name: string, kind: 'added' | 'dropped'): AdapterMethod {
  return (frame) =>
    hostMethod(name, ['relation'], (call) => {
      const relation = relationArgument(call, 'relation');
      if (relation !== null) frame.database.changed({ kind, relation });
      return '';
    });
}

/** The methods of `adapter` that change the catalog, and those that tell of a change. */
export const relationChanges: Readonly<Record<string, AdapterMethod>> = {
  create_schema: onSchema(
    'create_schema',
    (schema) => `create schema if not exists ${quoteIdentifier(schema)}`,
    'schema-created',
  ),
  drop_schema: onSchema(
    'drop_schema',
    (schema) => `drop schema if exists ${quoteIdentifier(schema)} cascade`,
    'schema-dropped',
  ),
  drop_relation: onRelation(
    'drop_relation',
    (relation) => `drop ${words[relation.type ?? 'table']} if exists ${nameInSql(relation)} cascade`,
    'dropped',
  ),
  truncate_relation: onRelation('truncate_relation', (relation) => `truncate table ${nameInSql(relation)}`, null),
  rename_relation: (frame) =>
    hostMethod('rename_relation', ['from_relation', 'to_relation'], (call) => rename(frame, call)),
  expand_target_column_types: (frame) =>
    hostMethod('expand_target_column_types', ['from_relation', 'to_relation'], (call) => expandColumns(frame, call)),
  cache_added: told('cache_added', 'added'),
  cache_dropped: told('cache_dropped', 'dropped'),
  cache_renamed: (frame) =>
    hostMethod('cache_renamed', ['from_relation', 'to_relation'], (call) => {
      const relation = relationArgument(call, 'from_relation');
      const to = relationArgument(call, 'to_relation');
      if (relation !== null && to !== null) frame.database.changed({ kind: 'renamed', relation, to });
      return '';
    }),
};

/** The relation objects of plain relations. */
export function relationObjects(relations: readonly Relation[]): PyValue[] {
  return relations.map((relation) => relationObject(relation));
}
