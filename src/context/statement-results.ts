import { dictOf, HostObject, isTrue, PyDict, toText, tuple, type PyCallable, type PyValue } from '../jinja/index.js';
import type { QueryResult } from '../types/index.js';
import { tableOf } from './convert-value.js';
import { hostMethod, type CallArguments } from './host-method.js';
import type { RunFrame, StatementResults } from './run-frame.js';
import { emptyTable, TableObject } from './table-object.js';

/** What the server said of a statement (dbt's AdapterResponse); it prints as its message. */
export class ResponseObject extends HostObject {
  constructor(
    readonly message: string,
    readonly code: string | null,
    readonly rowsAffected: number | null,
  ) {
    super();
  }
  override get pyType(): string {
    return 'AdapterResponse';
  }
  override toText(): string {
    return this.message;
  }
  override toJsonValue(): unknown {
    return { _message: this.message, code: this.code, rows_affected: this.rowsAffected };
  }
  override getAttribute(name: string): PyValue | undefined {
    if (name === '_message') return this.message;
    if (name === 'code') return this.code;
    if (name === 'rows_affected') return this.rowsAffected;
    return undefined;
  }
}

function response(result: QueryResult): ResponseObject {
  const words = result.command === 'INSERT' ? `INSERT 0 ${result.rowCount}` : `${result.command} ${result.rowCount}`;
  const hasCount = ['INSERT', 'UPDATE', 'DELETE', 'SELECT', 'MERGE', 'COPY', 'FETCH', 'MOVE'].includes(result.command);
  return new ResponseObject(hasCount ? words : result.command, result.command, hasCount ? result.rowCount : null);
}

/** Runs SQL for a template: the response, and the rows where they are asked for. */
export function execute(frame: RunFrame, sql: string, fetch: boolean, limit?: number): [ResponseObject, TableObject] {
  const result = frame.database.query(sql, fetch);
  return [response(result), fetch ? tableOf(result, limit) : emptyTable()];
}

function storeResult(results: StatementResults, name: string, said: PyValue, table: PyValue): void {
  const rows = table instanceof TableObject ? table.rows.map((row) => tuple(row)) : [];
  results.set(name, dictOf({ response: said, data: rows, table }));
}

function statement(frame: RunFrame, call: CallArguments): PyValue {
  const caller = call.keywords.get('caller');
  const sql = typeof caller === 'function' ? toText(caller([], new Map())) : (call.text('sql') ?? '');
  const [said, table] = execute(frame, sql, isTrue(call.get('fetch_result') ?? false));
  const name = call.text('name');
  if (name !== null) storeResult(frame.results, name, said, table);
  return '';
}

const statementParameters = ['name?', 'fetch_result?', 'auto_begin?', 'language?', 'sql?', '*'];

/** `{% call statement('name', fetch_result=True) %}sql{% endcall %}`. */
export function statementFunction(frame: RunFrame): PyCallable {
  return hostMethod('statement', statementParameters, (call) => statement(frame, call));
}

/** `run_query(sql)`: the rows as a table. */
export function runQueryFunction(frame: RunFrame): PyCallable {
  return hostMethod('run_query', ['sql'], (call) => {
    const [said, table] = execute(frame, call.text('sql') ?? '', true);
    storeResult(frame.results, 'run_query_statement', said, table);
    return table;
  });
}

/** `noop_statement(name, message, code, rows_affected, res)`: a result without a statement. */
export function noopStatementFunction(frame: RunFrame): PyCallable {
  const parameters = ['name?', 'message?', 'code?', 'rows_affected?', 'res?', '*'];
  return hostMethod('noop_statement', parameters, (call) => {
    storeRaw(frame, call, null);
    return '';
  });
}

function storeRaw(frame: RunFrame, call: CallArguments, table: PyValue): void {
  const rows = call.get('rows_affected');
  const said = new ResponseObject(
    call.text('message') ?? '',
    call.text('code'),
    typeof rows === 'number' ? rows : null,
  );
  storeResult(frame.results, call.text('name') ?? 'main', said, table);
}

/** The functions that keep and give back results, by name. */
export function resultFunctions(frame: RunFrame): Readonly<Record<string, PyCallable>> {
  return {
    load_result: hostMethod('load_result', ['name'], (call) => frame.results.get(call.text('name') ?? '') ?? null),
    store_result: hostMethod('store_result', ['name', 'response', 'agate_table?'], (call) => {
      const table = call.get('agate_table') ?? emptyTable();
      storeResult(frame.results, call.text('name') ?? '', call.get('response') ?? null, table);
      return '';
    }),
    store_raw_result: hostMethod(
      'store_raw_result',
      ['name', 'message?', 'code?', 'rows_affected?', 'agate_table?'],
      (call) => {
        storeRaw(frame, call, call.get('agate_table') ?? emptyTable());
        return '';
      },
    ),
  };
}

/** All results as a dict (`_sql_results`). */
export function allResults(frame: RunFrame): PyValue {
  return new PyDict(frame.results);
}
