/** What a cell's text can be; `text` is what everything can be. */
type Guess = 'integer' | 'number' | 'date' | 'datetime' | 'isodatetime' | 'boolean' | 'text';

const tests: readonly (readonly [Guess, RegExp])[] = [
  ['integer', /^[+-]?\d+$/],
  ['number', /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['datetime', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/],
  ['isodatetime', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$/],
  ['boolean', /^(true|false)$/i],
];

/** The limits of PostgreSQL's integer and bigint. */
const integerLimit = 2_147_483_647n;
const bigintLimit = 9_223_372_036_854_775_807n;

/** Sees the cells of one column and says, at the end, the type of them all. */
export interface TypeGuess {
  see(cell: string): void;
  type(): string;
}

/** Is a cell NULL? Empty ones are, and those that say so. */
export function isNullCell(cell: string): boolean {
  const text = cell.trim();
  return text === '' || text.toLowerCase() === 'null';
}

function isRealDate(text: string): boolean {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
}

/** The type of a column whose cells are seen one by one, as dbt infers it: integer, `fractional`, date, timestamp, boolean or text. */
export function createTypeGuess(fractional: string): TypeGuess {
  let left = tests.map(([guess]) => guess);
  let largest = 0n;
  return {
    see: (cell) => {
      if (left.length === 0 || isNullCell(cell)) return;
      const text = cell.trim();
      left = left.filter((guess) => {
        const test = tests.find(([name]) => name === guess)?.[1];
        if (test?.test(text) !== true) return false;
        return !guess.startsWith('date') && guess !== 'isodatetime' ? true : isRealDate(text);
      });
      if (left[0] === 'integer') {
        const size = BigInt(text.replace(/^[+-]/, ''));
        if (size > largest) largest = size;
      }
    },
    type: () => {
      switch (left[0]) {
        case 'integer':
          return largest <= integerLimit ? 'integer' : largest <= bigintLimit ? 'bigint' : 'numeric';
        case 'number':
          return fractional;
        case 'date':
          return 'date';
        case 'datetime':
        case 'isodatetime':
          return 'timestamp without time zone';
        case 'boolean':
          return 'boolean';
        default:
          return 'text';
      }
    },
  };
}
