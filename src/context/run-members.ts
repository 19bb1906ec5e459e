import { dictOf, fromJson, PyDict, type PyValue } from '../jinja/index.js';
import type { Members } from './frame.js';
import { hostMethod } from './host-method.js';
import { nodeRelation, refFunction, sourceFunction, unsupported } from './resolve.js';
import { RunAdapter } from './run-adapter.js';
import { configValue, RunConfig } from './run-config.js';
import type { RunFrame } from './run-frame.js';
import { sharedMembers } from './shared-members.js';
import {
  allResults,
  noopStatementFunction,
  resultFunctions,
  runQueryFunction,
  statementFunction,
} from './statement-results.js';
import { emptyTable } from './table-object.js';

function hooks(frame: RunFrame, key: 'pre-hook' | 'post-hook'): PyValue {
  const list = configValue(frame.node, key);
  if (!Array.isArray(list)) return [];
  return list.map((hook, index) => {
    if (hook instanceof PyDict) return hook.set('index', index);
    return dictOf({ sql: hook, transaction: true, index });
  });
}

function modelDict(frame: RunFrame): PyValue {
  const { node, compiledSql } = frame;
  if (node === null || compiledSql === null) return fromJson(node);
  return fromJson({ ...node, compiled: true, compiled_code: compiledSql, compiled_sql: compiledSql });
}

function results(name: string): (frame: RunFrame) => PyValue {
  return (frame) => resultFunctions(frame)[name] ?? null;
}

/** The names of a template that is rendered to be run. */
export const runMembers: Members<RunFrame> = {
  ...sharedMembers,
  ref: refFunction,
  source: sourceFunction,
  function: () => unsupported('function'),
  config: (frame) => new RunConfig(frame),
  builtins: (frame) => dictOf({ ref: refFunction(frame), source: sourceFunction(frame), config: new RunConfig(frame) }),
  this: (frame) => (frame.node === null ? null : nodeRelation(frame.node)),
  model: modelDict,
  database: (frame) => frame.node?.database ?? frame.host.project.target.connection.database,
  schema: (frame) => frame.node?.schema ?? frame.host.project.target.schema,
  adapter: (frame) => new RunAdapter(frame),
  graph: (frame) => frame.index.graph(),
  definitions_checksum: (frame) => hostMethod('definitions_checksum', [], () => frame.index.definitionsChecksum()),
  selected_resources: (frame) => [...frame.selected],
  pre_hooks: (frame) => hooks(frame, 'pre-hook'),
  post_hooks: (frame) => hooks(frame, 'post-hook'),
  sql: (frame) => frame.compiledSql,
  compiled_code: (frame) => frame.compiledSql,
  compiled_sql: (frame) => frame.compiledSql,
  defer_relation: () => null,
  sql_now: (frame) => frame.host.invocation.startedAt.toISOString(),
  statement: statementFunction,
  run_query: runQueryFunction,
  noop_statement: noopStatementFunction,
  load_result: results('load_result'),
  store_result: results('store_result'),
  store_raw_result: results('store_raw_result'),
  _sql_results: allResults,
  load_agate_table: () => hostMethod('load_agate_table', ['*'], () => emptyTable()),
  render: (frame) => hostMethod('render', ['string'], (call) => frame.render(call.text('string') ?? '')),
};
