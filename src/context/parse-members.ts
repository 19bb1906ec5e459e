import {
  dictOf,
  fromJson,
  HostObject,
  PermissiveUndefined,
  PyDict,
  toJson,
  tuple,
  type PyCallable,
  type PyValue,
} from '../jinja/index.js';
import { createAdapterFacts } from './adapter-facts.js';
import { configCallValues, mergeConfigCall } from './config-calls.js';
import type { Member, Members } from './frame.js';
import { hostMethod } from './host-method.js';
import type { ParseFrame } from './parse-frame.js';
import { readRef, readSource } from './ref-arguments.js';
import { relationObject, RelationClass } from './relation-members.js';
import { sharedMembers } from './shared-members.js';
import { emptyTable } from './table-object.js';

function thisRelation(frame: ParseFrame): PyValue {
  const { node } = frame;
  if (node === null) return null;
  return relationObject({ database: node.database, schema: node.schema, identifier: node.alias });
}

function refFunction(frame: ParseFrame): PyCallable {
  return hostMethod('ref', ['*'], (call) => {
    const ref = readRef(call);
    frame.record.refs.set(JSON.stringify([ref.package, ref.name, ref.version]), ref);
    return thisRelation(frame);
  });
}

function sourceFunction(frame: ParseFrame): PyCallable {
  return hostMethod('source', ['*'], (call) => {
    const pair = readSource(call);
    frame.record.sources.set(JSON.stringify(pair), pair);
    return thisRelation(frame);
  });
}

/** `config` in the parse phase: calls are noted, and questions are answered with nothing. */
class ParseConfig extends HostObject {
  constructor(readonly frame: ParseFrame) {
    super();
  }
  override toText(): string {
    return '<config>';
  }
  override call(args: readonly PyValue[], keywords: ReadonlyMap<string, PyValue>): PyValue {
    return hostMethod('config', ['*'], (call) => {
      mergeConfigCall(this.frame.record.config, configCallValues(call));
      return '';
    })(args, keywords);
  }
  override getAttribute(name: string): PyValue | undefined {
    switch (name) {
      case 'get':
      case 'require':
      case 'meta_get':
      case 'meta_require':
        return hostMethod(name, ['*'], () => '');
      case 'set':
        return hostMethod('set', ['name', 'value'], (call) => {
          mergeConfigCall(this.frame.record.config, { [call.text('name') ?? '']: toJson(call.get('value') ?? null) });
          return '';
        });
      case 'persist_relation_docs':
      case 'persist_column_docs':
        return hostMethod(name, [], () => false);
      default:
        return undefined;
    }
  }
}

const nothing: PyValue = null;
const emptyList = (): PyValue => [];
const isFalse = (): PyValue => false;

/** What the methods of `adapter` answer without a database. */
const adapterStubs: Readonly<Record<string, () => PyValue>> = {
  get_columns_in_relation: emptyList,
  get_columns_in_table: emptyList,
  get_missing_columns: emptyList,
  get_column_schema_from_query: emptyList,
  list_schemas: emptyList,
  list_relations: emptyList,
  list_relations_without_caching: emptyList,
  check_schema_exists: isFalse,
  already_exists: isFalse,
  execute: () => tuple(['', emptyTable()]),
  add_query: () => tuple([nothing, '']),
  get_partitions_metadata: () => tuple([]),
  standardize_grants_dict: () => new PyDict(),
  render_raw_columns_constraints: emptyList,
  render_raw_model_constraints: emptyList,
};

class ParseAdapter extends HostObject {
  readonly #facts: (name: string) => PyValue | undefined;

  constructor(frame: ParseFrame) {
    super();
    this.#facts = createAdapterFacts(frame, frame.scope.bind);
  }
  override toText(): string {
    return '<adapter>';
  }
  override getAttribute(name: string): PyValue | undefined {
    const stub = adapterStubs[name];
    return this.#facts(name) ?? hostMethod(name, ['*'], () => (stub === undefined ? nothing : stub()));
  }
}

/** dbt gives an undefined value where a query would have to be asked. */
const unknown = (name: string): PyCallable => hostMethod(name, ['*'], () => new PermissiveUndefined(name));
const silent = (name: string): PyCallable => hostMethod(name, ['*'], () => '');

const emptyGraph: Member<ParseFrame> = () =>
  dictOf(
    Object.fromEntries(
      [
        'nodes',
        'sources',
        'exposures',
        'metrics',
        'groups',
        'semantic_models',
        'saved_queries',
        'unit_tests',
        'functions',
      ].map((key) => [key, new PyDict()]),
    ),
  );

/** The names of a template that is parsed: what it refers to is noted, and nothing is asked of a database. */
export const parseMembers: Members<ParseFrame> = {
  ...sharedMembers,
  ref: refFunction,
  source: sourceFunction,
  function: (frame) => hostMethod('function', ['*'], () => thisRelation(frame)),
  metric: (frame) => hostMethod('metric', ['*'], () => thisRelation(frame)),
  config: (frame) => new ParseConfig(frame),
  builtins: (frame) =>
    dictOf({ ref: refFunction(frame), source: sourceFunction(frame), config: new ParseConfig(frame) }),
  this: thisRelation,
  model: (frame) => (frame.node === null ? null : nodeDict(frame.node)),
  database: (frame) => frame.node?.database ?? frame.host.project.target.connection.database,
  schema: (frame) => frame.node?.schema ?? frame.host.project.target.schema,
  adapter: (frame) => new ParseAdapter(frame),
  graph: emptyGraph,
  definitions_checksum: () => silent('definitions_checksum'),
  selected_resources: () => [],
  pre_hooks: () => [],
  post_hooks: () => [],
  sql: () => null,
  compiled_code: () => null,
  run_query: () => unknown('run_query'),
  load_result: () => unknown('load_result'),
  statement: () => silent('statement'),
  noop_statement: () => silent('noop_statement'),
  store_result: () => silent('store_result'),
  store_raw_result: () => silent('store_raw_result'),
  load_agate_table: () => hostMethod('load_agate_table', ['*'], () => emptyTable()),
  render: () => hostMethod('render', ['string'], (call) => call.text('string') ?? ''),
  doc: () => silent('doc'),
  Relation: () => new RelationClass(),
  results: () => [],
  schemas: () => [],
  database_schemas: () => [],
};

/** A node as the dict that templates and naming macros read. */
export function nodeDict(node: object): PyValue {
  const { fileText: _, ...rest } = node as Record<string, unknown>;
  return fromJson(rest);
}
