import { HostObject, isTrue, PyFloat, toText, tuple, type PyValue } from '../jinja/index.js';
import type { Relation } from '../types/index.js';
import { quoteLiteral } from '../util/sql-text.js';
import { relationChanges } from './adapter-changes.js';
import { describedMethods } from './adapter-descriptions.js';
import { createAdapterFacts } from './adapter-facts.js';
import { relationArgument, type AdapterMethod } from './adapter-method.js';
import { ColumnObject, columnObject } from './column-object.js';
import { hostMethod, type CallArguments } from './host-method.js';
import { itemsOf } from './iterate.js';
import { relationObject } from './relation-members.js';
import { RelationObject } from './relation-object.js';
import type { RunFrame } from './run-frame.js';
import { execute } from './statement-results.js';

function findRelation(frame: RunFrame, call: CallArguments): PyValue {
  const schema = call.text('schema') ?? '';
  const identifier = call.text('identifier');
  const database = call.text('database') ?? frame.host.project.target.connection.database;
  const found = frame.database.relations(database, schema).find((relation) => relation.identifier === identifier);
  return found === undefined ? null : relationObject(found);
}

function columnsOf(frame: RunFrame, relation: Relation | null): PyValue[] {
  return relation === null ? [] : frame.database.columns(relation).map(columnObject);
}

function missingColumns(frame: RunFrame, call: CallArguments): PyValue {
  const known = columnsOf(frame, relationArgument(call, 'to_relation'));
  const names = new Set(
    known.map((column) => (column instanceof ColumnObject ? column.parts.column.toLowerCase() : '')),
  );
  return columnsOf(frame, relationArgument(call, 'from_relation')).filter(
    (column) => column instanceof ColumnObject && !names.has(column.parts.column.toLowerCase()),
  );
}

function schemasOf(frame: RunFrame): string[] {
  const result = frame.database.query('select distinct nspname from pg_catalog.pg_namespace order by nspname', true);
  return result.rows.map((row) => row[0] ?? '');
}

function relationsOf(frame: RunFrame, call: CallArguments): PyValue {
  const target = call.get('schema_relation');
  const schema = target instanceof RelationObject ? (target.parts.schema ?? '') : (call.text('schema') ?? '');
  const database = target instanceof RelationObject ? target.parts.database : call.text('database');
  return frame.database
    .relations(database ?? frame.host.project.target.connection.database, schema)
    .map((relation) => relationObject(relation));
}

/** A value as SQL, for the bindings of add_query (`%s`). */
function literal(value: PyValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat) return toText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return quoteLiteral(toText(value));
}

function addQuery(frame: RunFrame, call: CallArguments): PyValue {
  const bindings = call.get('bindings') ?? null;
  const values = bindings === null ? [] : Array.from(itemsOf(bindings), literal);
  const text = call.text('sql') ?? '';
  const sql = values.length === 0 ? text : text.replace(/%s/g, () => values.shift() ?? 'null');
  execute(frame, sql, false);
  return tuple([null, null]);
}

const databaseSchemaIdentifier = ['database', 'schema', 'identifier'];

const methods: Readonly<Record<string, AdapterMethod>> = {
  get_relation: (frame) => hostMethod('get_relation', databaseSchemaIdentifier, (call) => findRelation(frame, call)),
  already_exists: (frame) =>
    hostMethod('already_exists', ['schema', 'name'], (call) => {
      const { database } = frame.host.project.target.connection;
      return frame.database
        .relations(database, call.text('schema') ?? '')
        .some((relation) => relation.identifier === call.text('name'));
    }),
  get_columns_in_relation: (frame) =>
    hostMethod('get_columns_in_relation', ['relation'], (call) => columnsOf(frame, relationArgument(call, 'relation'))),
  get_columns_in_table: (frame) =>
    hostMethod('get_columns_in_table', ['schema', 'identifier'], (call) => {
      const { database } = frame.host.project.target.connection;
      return columnsOf(frame, {
        database,
        schema: call.text('schema') ?? '',
        identifier: call.text('identifier') ?? '',
      });
    }),
  get_missing_columns: (frame) =>
    hostMethod('get_missing_columns', ['from_relation', 'to_relation'], (call) => missingColumns(frame, call)),
  check_schema_exists: (frame) =>
    hostMethod('check_schema_exists', ['database', 'schema'], (call) =>
      schemasOf(frame).includes(call.text('schema') ?? ''),
    ),
  list_schemas: (frame) => hostMethod('list_schemas', ['database?'], () => schemasOf(frame)),
  list_relations: (frame) => hostMethod('list_relations', ['database?', 'schema'], (call) => relationsOf(frame, call)),
  list_relations_without_caching: (frame) =>
    hostMethod('list_relations_without_caching', ['schema_relation'], (call) => relationsOf(frame, call)),
  execute: (frame) =>
    hostMethod('execute', ['sql', 'auto_begin?', 'fetch?', 'limit?'], (call) => {
      const limit = call.get('limit');
      const rows = typeof limit === 'number' ? limit : undefined;
      return tuple(execute(frame, call.text('sql') ?? '', isTrue(call.get('fetch') ?? false), rows));
    }),
  add_query: (frame) =>
    hostMethod('add_query', ['sql', 'auto_begin?', 'bindings?', 'abridge_sql_log?', '*'], (call) =>
      addQuery(frame, call),
    ),
  run_sql_for_tests: (frame) =>
    hostMethod('run_sql_for_tests', ['sql', 'fetch?', '*'], (call) => execute(frame, call.text('sql') ?? '', true)[1]),
  commit: () => hostMethod('commit', [], () => null),
  verify_database: () => hostMethod('verify_database', ['database'], () => ''),
  ...relationChanges,
  ...describedMethods,
};

/** `adapter` of the run phase. */
export class RunAdapter extends HostObject {
  readonly #facts: (name: string) => PyValue | undefined;

  constructor(readonly frame: RunFrame) {
    super();
    this.#facts = createAdapterFacts(frame, frame.scope.bind);
  }
  override get pyType(): string {
    return 'PostgresAdapter';
  }
  override toText(): string {
    return '<adapter>';
  }
  override getAttribute(name: string): PyValue | undefined {
    return this.#facts(name) ?? (Object.hasOwn(methods, name) ? methods[name]?.(this.frame) : undefined);
  }
}
