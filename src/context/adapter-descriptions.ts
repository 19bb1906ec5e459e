import { ChemflowError, didYouMean } from '../error/index.js';
import { dictOf, fromJson, PyDict, toJson, toText, typeError, type PyCallable, type PyValue } from '../jinja/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { AdapterMethod } from './adapter-method.js';
import { columnObject } from './column-object.js';
import { columnConstraint, modelConstraint } from './constraint-text.js';
import { hostMethod } from './host-method.js';
import { configValue } from './run-config.js';
import type { RunFrame } from './run-frame.js';

/** Columns that a query would give, with PostgreSQL's names of their types. */
function columnsOfQuery(frame: RunFrame, sql: string): PyValue[] {
  const { columns } = frame.database.query(`select * from (\n${sql}\n) as described where false limit 0`, true);
  if (columns.length === 0) return [];
  const oids = columns.map((column) => column.typeOid).join(', ');
  const names = frame.database.query(
    `select format_type(oid, null) from unnest(array[${oids}]::oid[]) with ordinality as type (oid, position) order by position`,
    true,
  );
  return columns.map((column, index) =>
    columnObject({ name: column.name, dataType: names.rows[index]?.[0] ?? 'text' }),
  );
}

function strategyMacro(frame: RunFrame, name: string): PyCallable {
  const macroName = `get_incremental_${name.replaceAll('+', '_')}_sql`;
  const macro = frame.host.library.find(macroName, null, frame.packageName);
  if (macro !== undefined) return frame.scope.bind(macro);
  const known = frame.host.library.names(frame.packageName).flatMap((candidate) => {
    const strategy = /^get_incremental_(\w+)_sql$/.exec(candidate)?.[1];
    return strategy === undefined ? [] : [strategy];
  });
  throw new ChemflowError({
    code: 'TEMPLATE.UNKNOWN_STRATEGY',
    message: `dbt could not find an incremental strategy macro with the name '${macroName}' in ${frame.host.project.root.name}`,
    hint: didYouMean(name, known),
  });
}

function listOf(value: PyValue | undefined): readonly Json[] {
  const json = toJson(value ?? null);
  if (Array.isArray(json)) return json as readonly Json[];
  return json !== null && typeof json === 'object' ? Object.values(json as JsonObject) : [];
}

function columnDefinitions(value: PyValue | undefined): PyValue[] {
  const columns = value instanceof PyDict ? [...value.values()] : Array.isArray(value) ? value : [];
  return columns.map((item) => {
    const column = toJson(item) as JsonObject;
    const name = String(column['name']);
    const constraints = Array.isArray(column['constraints']) ? (column['constraints'] as readonly JsonObject[]) : [];
    const words = constraints.map(columnConstraint).filter((text) => text !== null);
    return [column['quote'] === true ? quoteIdentifier(name) : name, String(column['data_type']), ...words].join(' ');
  });
}

/** `adapter.parse_index(raw)`: an index's columns, type and uniqueness, or none. */
function parsedIndex(raw: PyValue): PyValue {
  if (raw === null) return null;
  if (!(raw instanceof PyDict)) throw typeError('an index is a dict with "columns"');
  return dictOf({
    columns: raw.get('columns') ?? [],
    unique: raw.get('unique') ?? false,
    type: raw.get('type') ?? null,
  });
}

function hardDeletes(frame: RunFrame): PyValue {
  const setting = configValue(frame.node, 'hard_deletes');
  if (setting !== undefined && setting !== null) {
    const text = toText(setting);
    if (['ignore', 'invalidate', 'new_record'].includes(text)) return text;
    throw new ChemflowError({
      code: 'TEMPLATE.CONFIG',
      message: `hard_deletes is "${text}".`,
      hint: 'it is ignore, invalidate or new_record',
    });
  }
  return configValue(frame.node, 'invalidate_hard_deletes') === true ? 'invalidate' : 'ignore';
}

/** The methods of `adapter` that describe: columns of a query, constraints, indexes, strategies. */
export const describedMethods: Readonly<Record<string, AdapterMethod>> = {
  get_column_schema_from_query: (frame) =>
    hostMethod('get_column_schema_from_query', ['sql'], (call) => columnsOfQuery(frame, call.text('sql') ?? '')),
  get_incremental_strategy_macro: (frame) =>
    hostMethod('get_incremental_strategy_macro', ['model_context', 'strategy'], (call) =>
      strategyMacro(frame, call.text('strategy') ?? ''),
    ),
  render_raw_columns_constraints: () =>
    hostMethod('render_raw_columns_constraints', ['raw_columns'], (call) => columnDefinitions(call.get('raw_columns'))),
  render_raw_model_constraints: () =>
    hostMethod('render_raw_model_constraints', ['raw_constraints'], (call) =>
      listOf(call.get('raw_constraints'))
        .map((constraint) => modelConstraint(constraint as JsonObject))
        .filter((text) => text !== null),
    ),
  parse_index: () => hostMethod('parse_index', ['raw_index'], (call) => parsedIndex(call.get('raw_index') ?? null)),
  get_hard_deletes_behavior: (frame) => hostMethod('get_hard_deletes_behavior', ['*'], () => hardDeletes(frame)),
  get_partitions_metadata: () => hostMethod('get_partitions_metadata', ['*'], () => fromJson([])),
  get_pseudocolumns_for_relation: () => hostMethod('get_pseudocolumns_for_relation', ['*'], () => fromJson([])),
};
