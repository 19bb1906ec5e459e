import { clockMicroseconds, daysFromCivil, parseCivilTime } from '../util/civil-time.js';
import type { DatasetColumn, ElementKind } from './types.js';
import { valueError } from './value-error.js';
import { readArray } from './value-text.js';

/** A value as the Parquet writer takes it: decimals as whole numbers of their last digit, dates as days, times as microseconds. */
export type ParquetValue = boolean | number | bigint | string | Uint8Array | null;

const microsecondsADay = 86_400_000_000n;
const latest = 2n ** 63n;

/** A function from PostgreSQL's text of a column's values to Parquet's; throws EXPORT.VALUE for what Parquet has no value for. */
export function parquetConverter(column: DatasetColumn): (value: string) => ParquetValue | ParquetValue[] {
  const { kind } = column;
  if (kind.kind !== 'list') return scalarConverter(column, kind);
  const convert = scalarConverter(column, kind.element);
  return (value) =>
    readArray(value, column).map((element) => {
      if (element === null) return null;
      if (typeof element !== 'string')
        throw valueError(column, 'holds an array of more than one dimension, which a Parquet list of values cannot');
      return convert(element);
    });
}

function scalarConverter(column: DatasetColumn, kind: ElementKind): (value: string) => ParquetValue {
  switch (kind.kind) {
    case 'boolean':
      return (value) => value === 't' || value === 'true';
    case 'int16':
    case 'int32':
    case 'float32':
    case 'float64':
      return Number;
    case 'int64':
      return BigInt;
    case 'decimal':
      return (value) => scaled(value, kind.scale, column);
    case 'date':
      return (value) => days(value, column);
    case 'timestamp':
    case 'timestamptz':
      return (value) => microseconds(value, column);
    case 'time':
      return (value) => {
        if (value.startsWith('24')) throw valueError(column, 'holds the time 24:00:00, which Parquet cannot');
        return clockMicroseconds(value);
      };
    case 'bytes':
      return (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex'));
    default:
      return (value) => value;
  }
}

function scaled(value: string, scale: number, column: DatasetColumn): bigint {
  if (!/^-?\d/.test(value)) throw valueError(column, `holds ${value}, which a Parquet decimal cannot`);
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

function days(value: string, column: DatasetColumn): number {
  const time = parseCivilTime(value);
  if (time === undefined) throw valueError(column, `holds ${value}, which a Parquet date cannot`);
  return daysFromCivil(time.year, time.month, time.day);
}

function microseconds(value: string, column: DatasetColumn): bigint {
  const time = parseCivilTime(value);
  if (time === undefined) throw valueError(column, `holds ${value}, which a Parquet timestamp cannot`);
  const instant =
    BigInt(daysFromCivil(time.year, time.month, time.day)) * microsecondsADay + clockMicroseconds(time.clock);
  if (instant >= latest) throw valueError(column, `holds ${value}, which is too late for a Parquet timestamp`);
  return instant;
}
