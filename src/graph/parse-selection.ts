import { ChemflowError } from '../error/index.js';
import { hasWildcard } from '../util/glob.js';
import type { Criterion, Selection } from './selection-types.js';

const grammar = /^(?<at>@)?(?:(?<up>\d*)\+)?(?:(?<method>[A-Za-z_][\w.]*):)?(?<value>.*?)(?:\+(?<down>\d*))?$/s;

function depth(digits: string | undefined): number {
  if (digits === undefined) return 0;
  return digits === '' ? Infinity : Number(digits);
}

/** The method of a criterion without one: a path if it has a slash, a file if it ends as one, else a name. */
function guessMethod(value: string): string {
  if (/[/\\]/.test(value)) return 'path';
  return /\.(sql|csv|py)$/i.test(value) && !hasWildcard(value) ? 'file' : 'fqn';
}

/** Reads one criterion (`@x`, `2+tag:daily+1`); throws `SELECT.SYNTAX`. */
export function parseCriterion(text: string): Criterion {
  const groups = grammar.exec(text)?.groups;
  const value = groups?.['value'] ?? '';
  const fail = (message: string, hint: string): ChemflowError =>
    new ChemflowError({ code: 'SELECT.SYNTAX', message, hint });
  if (groups === undefined || value === '')
    throw fail(
      `"${text}" selects nothing: a name or a value is missing.`,
      'write a name, or method:value as in tag:daily',
    );
  const withBuilders = groups['at'] !== undefined;
  if (withBuilders && groups['down'] !== undefined)
    throw fail(`"${text}" has both @ and a + at its end.`, `@${value} holds all descendants of ${value} already`);
  const [method = '', ...words] = (groups['method'] ?? guessMethod(value)).split('.');
  return {
    text,
    method,
    words,
    value,
    parents: depth(groups['up']),
    children: depth(groups['down']),
    withBuilders,
  };
}

/** Reads the words of `--select` or `--exclude`: words apart are united, words joined by a comma intersected. */
export function parseSelection(texts: readonly string[]): Selection {
  const words = texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '');
  return {
    kind: 'union',
    parts: words.map((word) => ({
      kind: 'intersection',
      parts: word.split(',').map((part) => ({ kind: 'criterion', criterion: parseCriterion(part) })),
    })),
  };
}
