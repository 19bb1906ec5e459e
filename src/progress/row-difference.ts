import pc from 'picocolors';
import type { RowDifference } from '../types/index.js';
import type { Colors } from './text-lines.js';

/** More rows of a kind than this are only counted. */
const shownRows = 40;

interface Line {
  readonly mark: '~' | '-' | '+';
  readonly cells: readonly string[];
}

const shown = (value: string | null): string => (value === null ? 'NULL' : value.replaceAll(/\p{Cc}/gu, ' '));

/** The columns whose values differ somewhere are all of interest; of the others those by which a row is known. */
function linesOf(difference: RowDifference): Line[] {
  return [
    ...difference.changed.map(({ expected, actual }): Line => {
      const cells = expected.map((value, index) => {
        const other = actual[index] ?? null;
        return value === other ? shown(value) : `${shown(value)} → ${shown(other)}`;
      });
      return { mark: '~', cells };
    }),
    ...difference.missing.map((row): Line => ({ mark: '-', cells: row.map(shown) })),
    ...difference.surplus.map((row): Line => ({ mark: '+', cells: row.map(shown) })),
  ];
}

const plain = pc.createColors(false);

/**
 * The difference of two sets of rows as a table: `-` rows that are expected and are not there (red), `+` rows that are there and are not expected (green),
 * `~` rows with values that are `expected → actual` (yellow).
 */
export function formatRowDifference(difference: RowDifference, colors: Colors = plain): string {
  const { columns, changed, missing, surplus, equal } = difference;
  const lines = linesOf(difference);
  const visible = lines.slice(0, shownRows);
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...visible.map((line) => (line.cells[index] ?? '').length)),
  );
  const paint = (line: Line, cell: string): string => {
    if (line.mark === '-') return colors.red(cell);
    if (line.mark === '+') return colors.green(cell);
    return cell.includes(' → ') ? colors.yellow(cell) : cell;
  };
  const row = (mark: string, cells: readonly string[], style: (cell: string) => string): string =>
    `  ${[style(mark), ...cells.map((cell, index) => style(cell.padEnd(widths[index] ?? 0)))].join('  ').trimEnd()}`;
  const counts = [
    changed.length > 0 ? `${changed.length} changed (~ expected → actual)` : '',
    missing.length > 0 ? `${missing.length} missing (-)` : '',
    surplus.length > 0 ? `${surplus.length} not expected (+)` : '',
    equal > 0 ? `${equal} as expected` : '',
  ].filter((part) => part !== '');
  return [
    `actual rows differ from the expected ones: ${counts.join(', ')}`,
    '',
    row(' ', columns, (cell) => colors.bold(cell)),
    ...visible.map((line) => row(line.mark, line.cells, (cell) => paint(line, cell))),
    ...(lines.length > visible.length ? [`  ... and ${lines.length - visible.length} more`] : []),
  ].join('\n');
}
