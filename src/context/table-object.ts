import {
  dictOf,
  HostObject,
  isTrue,
  PyDict,
  toText,
  tuple,
  typeError,
  type PyCallable,
  type PyValue,
} from '../jinja/index.js';
import { hostMethod } from './host-method.js';
import { itemsOf } from './iterate.js';
import { Mapped } from './mapped-values.js';
import { printTable, tableCsv } from './table-text.js';

/** A column of a result: its name and agate's name of its type. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'Text' | 'Number' | 'Integer' | 'Boolean' | 'Date' | 'DateTime';
}

/** One row; its cells are reached by number, by name and as attributes. */
export class RowObject extends Mapped {
  override get pyType(): string {
    return 'Row';
  }
}

/** One column; its cells are reached by number. */
export class TableColumnObject extends Mapped {
  constructor(
    readonly column: TableColumn,
    readonly index: number,
    cells: readonly PyValue[],
  ) {
    super(cells, null);
  }
  override get pyType(): string {
    return 'Column';
  }
  override getAttribute(name: string): PyValue | undefined {
    const distinct = (): PyValue[] => {
      const known = new PyDict(this.cells.map((cell) => [cell, cell] as const));
      return [...known.values()];
    };
    const present = (): PyValue[] => this.cells.filter((cell) => cell !== null);
    switch (name) {
      case 'name':
        return this.column.name;
      case 'index':
        return this.index;
      case 'data_type':
        return this.column.type;
      case 'values_distinct':
        return hostMethod(name, [], () => tuple(distinct()));
      case 'values_without_nulls':
        return hostMethod(name, [], () => tuple(present()));
      default:
        return super.getAttribute(name);
    }
  }
}

/** A result as agate's Table: `columns`, `rows`, `column_names`, `print_table()`, and a few ways to make another of it. */
export class TableObject extends HostObject {
  constructor(
    readonly columns: readonly TableColumn[],
    readonly rows: readonly (readonly PyValue[])[],
  ) {
    super();
  }
  override get pyType(): string {
    return 'Table';
  }
  override toText(): string {
    return printTable(this.names(), this.rows, { maximumRows: 20 });
  }
  override iterate(): Iterable<PyValue> {
    return this.rowObjects().cells;
  }
  override length(): number {
    return this.rows.length;
  }
  override isTruthy(): boolean {
    return this.rows.length > 0;
  }
  override getItem(key: PyValue): PyValue | undefined {
    return this.rowObjects().getItem(key);
  }
  override toJsonValue(): unknown {
    return this.rows.map((row) =>
      dictOf(Object.fromEntries(this.columns.map((column, index) => [column.name, row[index] ?? null]))),
    );
  }
  override getAttribute(name: string): PyValue | undefined {
    return Object.hasOwn(tableMembers, name) ? tableMembers[name]?.(this) : undefined;
  }

  names(): string[] {
    return this.columns.map((column) => column.name);
  }

  #rowObjects: Mapped | undefined;
  /** The rows as objects; made once, since templates compare and keep them. */
  rowObjects(): Mapped {
    const names = this.names();
    this.#rowObjects ??= new Mapped(
      this.rows.map((row) => new RowObject(row, names)),
      null,
    );
    return this.#rowObjects;
  }

  #columnObjects: Mapped | undefined;
  columnObjects(): Mapped {
    this.#columnObjects ??= new Mapped(
      this.columns.map((column, index) => {
        const cells = this.rows.map((row) => row[index] ?? null);
        return new TableColumnObject(column, index, cells);
      }),
      this.names(),
    );
    return this.#columnObjects;
  }

  /** The same rows with these columns. */
  pick(indexes: readonly number[]): TableObject {
    const columns = indexes.map((index) => this.columns[index]).filter((column) => column !== undefined);
    return new TableObject(
      columns,
      this.rows.map((row) => indexes.map((index) => row[index] ?? null)),
    );
  }
}

/** A table without columns and rows: what a query gives where none is asked. */
export function emptyTable(): TableObject {
  return new TableObject([], []);
}

function keysOf(value: PyValue | undefined): string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : Array.from(itemsOf(value), toText);
}

function renameColumns(table: TableObject, value: PyValue | undefined): TableObject {
  const names =
    value instanceof PyDict
      ? table.columns.map((column) => toText(value.get(column.name) ?? column.name))
      : keysOf(value ?? null);
  return new TableObject(
    table.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
    table.rows,
  );
}

function keepRows(table: TableObject, test: PyValue | undefined): TableObject {
  if (typeof test !== 'function') throw typeError('where() takes a function');
  const call: PyCallable = test;
  const objects = table.rowObjects().cells;
  return new TableObject(
    table.columns,
    table.rows.filter((_, index) => isTrue(call([objects[index] ?? null], new Map()))),
  );
}

const printParameters = ['max_rows?', 'max_columns?', 'output?', 'max_column_width?', '*'];

const tableMembers: Readonly<Record<string, (table: TableObject) => PyValue>> = {
  columns: (table) => table.columnObjects(),
  rows: (table) => table.rowObjects(),
  column_names: (table) => tuple(table.names()),
  column_types: (table) => tuple(table.columns.map((column) => column.type)),
  row_names: () => null,
  select: (table) =>
    hostMethod('select', ['key'], (call) =>
      table.pick(keysOf(call.get('key')).map((key) => table.names().indexOf(key))),
    ),
  exclude: (table) =>
    hostMethod('exclude', ['key'], (call) => {
      const left = keysOf(call.get('key'));
      return table.pick(table.columns.flatMap((column, index) => (left.includes(column.name) ? [] : [index])));
    }),
  where: (table) => hostMethod('where', ['test'], (call) => keepRows(table, call.get('test'))),
  rename: (table) =>
    hostMethod('rename', ['column_names?', '*'], (call) => renameColumns(table, call.get('column_names'))),
  limit: (table) =>
    hostMethod('limit', ['start_or_stop?', 'stop?', '*'], (call) => {
      const [first, second] = [call.get('start_or_stop'), call.get('stop')];
      const number = (value: PyValue | undefined): number | undefined =>
        typeof value === 'number' ? value : undefined;
      const rows =
        second === undefined ? table.rows.slice(0, number(first)) : table.rows.slice(number(first), number(second));
      return new TableObject(table.columns, rows);
    }),
  print_table: (table) =>
    hostMethod('print_table', printParameters, (call) => {
      const number = (name: string): number | undefined => {
        const value = call.get(name);
        return typeof value === 'number' ? value : undefined;
      };
      return printTable(table.names(), table.rows, {
        maximumRows: number('max_rows') ?? 20,
        maximumColumns: number('max_columns') ?? 6,
        maximumWidth: number('max_column_width') ?? 20,
      });
    }),
  print_csv: (table) => hostMethod('print_csv', ['*'], () => tableCsv(table.names(), table.rows)),
};
