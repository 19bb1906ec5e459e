import { HostObject, toText, typeError, type PyValue } from '../jinja/index.js';
import type { Column } from '../types/index.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';
import { hostMethod } from './host-method.js';

/** A column's type, with its sizes apart. */
export interface ColumnParts {
  readonly column: string;
  /** The type's name without size: `character varying`, `numeric`, `integer`. */
  readonly dtype: string;
  readonly charSize: number | null;
  readonly numericPrecision: number | null;
  readonly numericScale: number | null;
}

const typeLabels: Readonly<Record<string, string>> = { STRING: 'TEXT', FLOAT: 'FLOAT', INTEGER: 'INTEGER' };
const stringTypes = ['text', 'character varying', 'character', 'varchar'];
const floatTypes = ['real', 'float4', 'float', 'double precision', 'float8', 'double'];
const integerTypes = ['smallint', 'integer', 'bigint', 'smallserial', 'serial', 'bigserial'];
const moreIntegerTypes = ['int', 'int2', 'int4', 'int8', 'serial2', 'serial4', 'serial8'];
const numericTypes = ['numeric', 'decimal'];
/** What PostgreSQL takes where dbt knows of no size. */
const defaultStringSize = 256;

/** The parts of a type as SQL writes it (`numeric(12,2)`, `character varying(40)`). */
export function columnParts(column: string, dataType: string): ColumnParts {
  const sized = /^([^()]+?)\s*\((\d+)(?:\s*,\s*(-?\d+))?\)(.*)$/s.exec(dataType);
  const bare = { column, dtype: dataType, charSize: null, numericPrecision: null, numericScale: null };
  if (sized === null) return bare;
  const [, name = '', first = '', second, rest = ''] = sized;
  if (rest !== '') return bare;
  if (stringTypes.includes(name.toLowerCase())) return { ...bare, dtype: name, charSize: Number(first) };
  if (numericTypes.includes(name.toLowerCase()))
    return { ...bare, dtype: name, numericPrecision: Number(first), numericScale: Number(second ?? 0) };
  return bare;
}

function stringType(size: number | null): string {
  return `character varying(${size ?? defaultStringSize})`;
}

function numericType(dtype: string, precision: PyValue, scale: PyValue): string {
  return precision === null || scale === null ? dtype : `${dtype}(${toText(precision)},${toText(scale)})`;
}

function translateType(dtype: string): string {
  return typeLabels[dtype.toUpperCase()] ?? dtype;
}

const isOf = (types: readonly string[], self: ColumnObject): boolean => types.includes(self.parts.dtype.toLowerCase());

/** A column of a template (dbt's `Column`). */
export class ColumnObject extends HostObject {
  constructor(readonly parts: ColumnParts) {
    super();
  }

  override get pyType(): string {
    return 'PostgresColumn';
  }
  override toText(): string {
    return `<PostgresColumn ${this.parts.column} (${this.dataType()})>`;
  }
  override equals(other: PyValue): boolean {
    return other instanceof ColumnObject && other.hashKey() === this.hashKey();
  }
  override hashKey(): string {
    return JSON.stringify(this.parts);
  }
  override toJsonValue(): unknown {
    return { name: this.parts.column, data_type: this.dataType() };
  }
  override getItem(key: PyValue): PyValue | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }
  override getAttribute(name: string): PyValue | undefined {
    return Object.hasOwn(members, name) ? members[name]?.(this) : undefined;
  }

  isString(): boolean {
    return isOf(stringTypes, this);
  }
  /** The type as a column definition writes it. */
  dataType(): string {
    const { dtype, charSize, numericPrecision, numericScale } = this.parts;
    const name = dtype.toLowerCase();
    if (name === 'text' || (name === 'character varying' && charSize === null)) return dtype;
    if (this.isString())
      return name === 'character' && charSize !== null ? `character(${charSize})` : stringType(charSize);
    if (isOf(numericTypes, this)) return numericType(dtype, numericPrecision, numericScale);
    return dtype;
  }
  /** The most characters that fit; an unlimited text counts as dbt's 256. */
  stringSize(): number {
    if (!this.isString()) throw typeError(`Called string_size() on non-string field!`);
    const { dtype, charSize } = this.parts;
    return dtype.toLowerCase() === 'text' || charSize === null ? defaultStringSize : charSize;
  }
}

const predicate = (name: string, test: (self: ColumnObject) => boolean): ((self: ColumnObject) => PyValue) => {
  return (self) => hostMethod(name, [], () => test(self));
};

const members: Readonly<Record<string, (self: ColumnObject) => PyValue>> = {
  name: (self) => self.parts.column,
  column: (self) => self.parts.column,
  quoted: (self) => quoteIdentifier(self.parts.column),
  dtype: (self) => self.parts.dtype,
  data_type: (self) => self.dataType(),
  expanded_data_type: (self) => self.dataType(),
  char_size: (self) => self.parts.charSize,
  numeric_precision: (self) => self.parts.numericPrecision,
  numeric_scale: (self) => self.parts.numericScale,
  is_string: predicate('is_string', (self) => self.isString()),
  is_float: predicate('is_float', (self) => isOf(floatTypes, self)),
  is_integer: predicate('is_integer', (self) => isOf(integerTypes, self) || isOf(moreIntegerTypes, self)),
  is_numeric: predicate('is_numeric', (self) => isOf(numericTypes, self)),
  is_number: predicate('is_number', (self) =>
    [floatTypes, integerTypes, moreIntegerTypes, numericTypes].some((types) => isOf(types, self)),
  ),
  string_size: (self) => hostMethod('string_size', [], () => self.stringSize()),
  can_expand_to: (self) =>
    hostMethod('can_expand_to', ['other_column'], (call) => {
      const other = call.get('other_column');
      return (
        other instanceof ColumnObject && self.isString() && other.isString() && other.stringSize() > self.stringSize()
      );
    }),
  literal: (self) =>
    hostMethod('literal', ['value'], (call) => `${quoteLiteral(call.text('value') ?? '')}::${self.dataType()}`),
};

const classMembers: Readonly<Record<string, PyValue>> = {
  translate_type: hostMethod('translate_type', ['dtype'], (call) => translateType(call.text('dtype') ?? '')),
  string_type: hostMethod('string_type', ['size?'], (call) =>
    stringType(Number(call.text('size') ?? defaultStringSize)),
  ),
  numeric_type: hostMethod('numeric_type', ['dtype', 'precision', 'scale'], (call) =>
    numericType(call.text('dtype') ?? '', call.get('precision') ?? null, call.get('scale') ?? null),
  ),
  create: hostMethod('create', ['name', 'label_or_dtype'], (call) =>
    newColumn(call.text('name') ?? '', translateType(call.text('label_or_dtype') ?? '')),
  ),
  from_description: hostMethod('from_description', ['name', 'raw_data_type'], (call) =>
    newColumn(call.text('name') ?? '', call.text('raw_data_type') ?? ''),
  ),
};

function newColumn(name: string, dataType: string): ColumnObject {
  return new ColumnObject(columnParts(name, dataType));
}

/** A column object of plain data. */
export function columnObject(column: Column): ColumnObject {
  return newColumn(column.name, column.dataType);
}

/** `api.Column` of templates: makes a column when it is called, and translates names of types. */
export class ColumnClass extends HostObject {
  override toText(): string {
    return "<class 'PostgresColumn'>";
  }
  override getAttribute(name: string): PyValue | undefined {
    return Object.hasOwn(classMembers, name) ? classMembers[name] : undefined;
  }
  override call(args: readonly PyValue[], keywords: ReadonlyMap<string, PyValue>): PyValue {
    const parameters = ['column', 'dtype', 'char_size?', 'numeric_precision?', 'numeric_scale?'];
    return hostMethod('Column', parameters, (call) => {
      const size = (name: string): number | null => (call.text(name) === null ? null : Number(call.text(name)));
      return new ColumnObject({
        column: call.text('column') ?? '',
        dtype: call.text('dtype') ?? '',
        charSize: size('char_size'),
        numericPrecision: size('numeric_precision'),
        numericScale: size('numeric_scale'),
      });
    })(args, keywords);
  }
}
