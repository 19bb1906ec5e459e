import { PyFloat, toText, type PyValue } from '../jinja/index.js';
import { DecimalObject } from './decimal-value.js';

/** How much of a table is printed. */
export interface PrintLimits {
  readonly maximumRows?: number;
  readonly maximumColumns?: number;
  readonly maximumWidth?: number;
}

const ellipsis = '...';

function isNumber(value: PyValue): boolean {
  return (
    typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat || value instanceof DecimalObject
  );
}

function cellText(value: PyValue, width: number): string {
  const text = value === null ? '' : toText(value);
  return text.length > width ? `${text.slice(0, Math.max(0, width - ellipsis.length))}${ellipsis}` : text;
}

/** Rows as a text table in agate's form: `| a | b |`, a rule under the names, numbers to the right. */
export function printTable(
  names: readonly string[],
  rows: readonly (readonly PyValue[])[],
  limits: PrintLimits,
): string {
  const columnCount = Math.min(names.length, limits.maximumColumns ?? names.length);
  const shown = rows.slice(0, limits.maximumRows ?? rows.length);
  const width = limits.maximumWidth ?? Number.POSITIVE_INFINITY;
  const hasMoreColumns = columnCount < names.length;
  const header = [
    ...names.slice(0, columnCount).map((name) => cellText(name, width)),
    ...(hasMoreColumns ? [ellipsis] : []),
  ];
  const body = shown.map((row) => [
    ...row.slice(0, columnCount).map((value) => cellText(value, width)),
    ...(hasMoreColumns ? [ellipsis] : []),
  ]);
  if (shown.length < rows.length) body.push(header.map(() => ellipsis));
  const widths = header.map((name, index) => Math.max(name.length, ...body.map((row) => row[index]?.length ?? 0)));
  const isNumeric = header.map((_, index) => {
    const values = shown.map((row) => row[index] ?? null).filter((value) => value !== null);
    return index < columnCount && values.length > 0 && values.every(isNumber);
  });
  const line = (cells: readonly string[], alignRight: boolean): string => {
    const padded = cells.map((cell, index) => {
      return alignRight && isNumeric[index] === true
        ? cell.padStart(widths[index] ?? 0)
        : cell.padEnd(widths[index] ?? 0);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = `| ${widths.map((one) => '-'.repeat(one)).join(' | ')} |`;
  return [line(header, false), rule, ...body.map((row) => line(row, true))].join('\n') + '\n';
}

/** Rows as CSV with a header. */
export function tableCsv(names: readonly string[], rows: readonly (readonly PyValue[])[]): string {
  const quote = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => row.map((value) => quote(value === null ? '' : toText(value))).join(','));
  return [names.map(quote).join(','), ...lines].join('\n') + '\n';
}
