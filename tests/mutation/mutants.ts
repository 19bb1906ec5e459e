import { scanTemplate, type Statement, type Token } from './scan-template.js';

/** The ways in which a mutant differs from what it is made of. */
export const mutantKinds = [
  'join',
  'comparison',
  'filter',
  'distinct',
  'coalesce',
  'constant',
  'interval',
  'partition',
  'union',
  'connective',
] as const;
export type MutantKind = (typeof mutantKinds)[number];

/** A text of which mutants are made: a model's template or a macro. */
export interface Subject {
  /** The unique id of the model or macro. */
  readonly id: string;
  readonly file: string;
  /** Line of the file on which the text begins. */
  readonly line: number;
  readonly text: string;
}

/** One change of one subject. */
export interface Mutant {
  readonly subject: Subject;
  readonly kind: MutantKind;
  /** Line of the file. */
  readonly line: number;
  /** The lines that are changed, before and after, on one line each: the key of the list of equivalent mutants. */
  readonly before: string;
  readonly after: string;
  readonly text: string;
}

interface Edit {
  readonly kind: MutantKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What is kept of the old text, as offsets. */
  readonly keep?: readonly [number, number];
}

const comparisons: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const endsCondition = new Set(
  'group order having union except intersect window limit offset left right inner full cross join where select returning for'.split(
    ' ',
  ),
);
const typesWithLength = new Set(['numeric', 'decimal', 'varchar', 'char', 'bit']);

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text === word;
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}

/** Is a piece of a template whole, with no block of Jinja that begins or ends outside of it? */
function isBalanced(text: string): boolean {
  const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
  return (
    count(/\{%-?\s*(?:if|for|set\s+\w+\s*%)/g) === count(/\{%-?\s*(?:endif|endfor|endset)/g) &&
    !/\{%-?\s*(?:else|elif)/.test(text)
  );
}

/** The pieces of a condition that `and` holds together; one piece where there is an `or` between them. */
function conjuncts(
  tokens: readonly Token[],
  from: number,
): { readonly pieces: (readonly Token[])[]; readonly end: number } {
  const first = tokens[from];
  if (first === undefined) return { pieces: [], end: from };
  const pieces: Token[][] = [[]];
  let at = from;
  let isBetween = false;
  let hasOr = false;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.depth < first.depth) break;
    if (token.depth === first.depth) {
      if (isMark(token, ';') || isMark(token, ',')) break;
      if (token.kind === 'word' && endsCondition.has(token.text)) break;
      if (isWord(token, 'or')) hasOr = true;
      if (isWord(token, 'between')) isBetween = true;
      else if (isWord(token, 'and')) {
        if (!isBetween) {
          pieces.push([]);
          continue;
        }
        isBetween = false;
      }
    }
    pieces.at(-1)?.push(token);
  }
  return { pieces: hasOr ? [tokens.slice(from, at)] : pieces, end: at };
}

function filterEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  const isJoinCondition = isWord(token, 'on') && !isWord(tokens[at - 1], 'distinct');
  if (!isWord(token, 'where') && !isWord(token, 'having') && !isJoinCondition) return [];
  const { pieces } = conjuncts(tokens, at + 1);
  // Without its only condition a join would be one of everything with everything.
  if (isJoinCondition && pieces.length < 2) return [];
  return (isJoinCondition ? pieces.slice(1) : pieces).flatMap((piece) => {
    const [first, last] = [piece[0], piece.at(-1)];
    return first === undefined || last === undefined
      ? []
      : [{ kind: 'filter' as const, start: first.start, end: last.end, text: 'true' }];
  });
}

function joinEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (token === undefined || !isWord(token, 'join') || isWord(tokens[at + 1], 'lateral')) return [];
  if (isWord(before, 'cross') || isWord(before, 'full') || isWord(before, 'right')) return [];
  if (before !== undefined && isWord(before, 'left'))
    return [{ kind: 'join', start: before.start, end: token.end, text: 'join' }];
  return [{ kind: 'join', start: token.start, end: token.end, text: 'left join' }];
}

function distinctEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined || !isWord(token, 'distinct') || isWord(tokens[at + 1], 'from')) return [];
  if (!isWord(tokens[at + 1], 'on')) return [{ kind: 'distinct', start: token.start, end: token.end, text: '' }];
  let end = at + 2;
  while (end < tokens.length && !(isMark(tokens[end], ')') && tokens[end]?.depth === token.depth)) end += 1;
  return [{ kind: 'distinct', start: token.start, end: tokens[end]?.end ?? token.end, text: '' }];
}

/** The parts of a list between commas, from the token after its opening to its end. */
function listItems(tokens: readonly Token[], from: number, ends: (token: Token) => boolean): (readonly Token[])[] {
  const depth = tokens[from]?.depth ?? 0;
  const items: Token[][] = [[]];
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.depth < depth || (token.depth === depth && ends(token))) break;
    if (token.depth === depth && isMark(token, ',')) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

function coalesceEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined || !isWord(token, 'coalesce') || !isMark(tokens[at + 1], '(')) return [];
  const [first] = listItems(tokens, at + 2, () => false);
  let end = at + 2;
  while (end < tokens.length && !(isMark(tokens[end], ')') && tokens[end]?.depth === token.depth)) end += 1;
  const [begin, last, close] = [first?.[0], first?.at(-1), tokens[end]];
  if (begin === undefined || last === undefined || close === undefined) return [];
  return [{ kind: 'coalesce', start: token.start, end: close.end, text: '', keep: [begin.start, last.end] }];
}

function partitionEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined || !isWord(token, 'partition') || !isWord(tokens[at + 1], 'by')) return [];
  const items = listItems(
    tokens,
    at + 2,
    (one) => isMark(one, ')') || (one.kind === 'word' && ['order', 'rows', 'range'].includes(one.text)),
  ).filter((item) => item.length > 0);
  const [first] = items;
  if (items.length === 1)
    return [{ kind: 'partition', start: token.start, end: first?.at(-1)?.end ?? token.end, text: '' }];
  return items.map((item, index) => {
    const next = items[index + 1]?.[0];
    const previous = items[index - 1]?.at(-1);
    return next === undefined
      ? { kind: 'partition', start: previous?.end ?? 0, end: item.at(-1)?.end ?? 0, text: '' }
      : { kind: 'partition', start: item[0]?.start ?? 0, end: next.start, text: '' };
  });
}

/** Is a number the position of a column in group by or order by? */
function isPosition(tokens: readonly Token[], at: number): boolean {
  let index = at - 1;
  while (tokens[index]?.kind === 'number' || isMark(tokens[index], ',')) index -= 1;
  return isWord(tokens[index], 'by');
}

function isTypeLength(tokens: readonly Token[], at: number): boolean {
  let index = at - 1;
  while (tokens[index]?.kind === 'number' || isMark(tokens[index], ',') || isMark(tokens[index], '(')) index -= 1;
  return index < at - 1 && tokens[index]?.kind === 'word' && typesWithLength.has(tokens[index]?.text ?? '');
}

const otherUnit: Readonly<Record<string, string>> = {
  month: 'year',
  week: 'month',
  day: 'month',
  second: 'hour',
  year: 'month',
};

function constantEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined) return [];
  const change = (kind: MutantKind, text: string): Edit[] => [{ kind, start: token.start, end: token.end, text }];
  const before = tokens[at - 1];
  if (token.kind === 'number') {
    if (isPosition(tokens, at) || isTypeLength(tokens, at)) return [];
    return change('constant', /\./.test(token.text) ? String(Number(token.text) / 2) : String(Number(token.text) + 1));
  }
  if (isWord(token, 'true') || isWord(token, 'false'))
    return isWord(before, 'on') ? [] : change('constant', token.text === 'true' ? 'false' : 'true');
  if (token.kind !== 'string' || before?.text === '&' || isWord(before, 'zone')) return [];
  if (isWord(before, 'interval') || /^'-?\d+ (?:hours?|days?|months?)'$/.test(token.text))
    return /\d/.test(token.text)
      ? change(
          'interval',
          token.text.replace(/\d+/, (digits) => String(Number(digits) + 1)),
        )
      : [];
  if (token.text.includes('{{') || token.text.includes('{%') || token.text.includes('chemflow.')) return [];
  if (isMark(before, '(') && isWord(tokens[at - 2], 'date_trunc')) {
    const unit = otherUnit[token.text.slice(1, -1)];
    return unit === undefined ? [] : change('interval', `'${unit}'`);
  }
  if (isMark(before, '(') && ['convert_to', 'encode', 'current_setting'].includes(tokens[at - 2]?.text ?? ''))
    return [];
  return change('constant', `${token.text.slice(0, -1)}_'`);
}

/** Numbers in a Jinja expression or statement, outside of texts. */
function jinjaEdits(text: string, start: number): Edit[] {
  if (/^\{\{-?\s*config\b/.test(text) || /^\{%-?\s*(?:macro|test|endmacro)/.test(text)) return [];
  const blank = text.replace(/'[^']*'|"[^"]*"|indent\(\d+\)/g, (inner) => ' '.repeat(inner.length));
  return [...blank.matchAll(/(?<![\w.])\d+(?![\w.])/g)].map((match) => ({
    kind: 'interval',
    start: start + match.index,
    end: start + match.index + match[0].length,
    text: String(Number(match[0]) + 1),
  }));
}

function connectiveEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined || token.kind !== 'word' || (token.text !== 'and' && token.text !== 'or')) return [];
  if (token.text === 'and')
    for (let index = at - 1; index >= 0; index -= 1) {
      const other = tokens[index];
      if (other === undefined || other.depth < token.depth) break;
      if (other.depth === token.depth && (isWord(other, 'and') || isWord(other, 'or'))) break;
      if (other.depth === token.depth && isWord(other, 'between')) return [];
    }
  return [{ kind: 'connective', start: token.start, end: token.end, text: token.text === 'and' ? 'or' : 'and' }];
}

function unionEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined || !isWord(token, 'union')) return [];
  const next = tokens[at + 1];
  return isWord(next, 'all')
    ? [{ kind: 'union', start: token.start, end: next?.end ?? token.end, text: 'union' }]
    : [{ kind: 'union', start: token.start, end: token.end, text: 'union all' }];
}

function comparisonEdits(token: Token | undefined): Edit[] {
  const other = token?.kind === 'operator' ? comparisons[token.text] : undefined;
  return token === undefined || other === undefined
    ? []
    : [{ kind: 'comparison', start: token.start, end: token.end, text: other }];
}

function edits(tokens: readonly Token[], statements: readonly Statement[]): Edit[] {
  const found = tokens.flatMap((token, at) => [
    ...comparisonEdits(token),
    ...joinEdits(tokens, at),
    ...filterEdits(tokens, at),
    ...distinctEdits(tokens, at),
    ...coalesceEdits(tokens, at),
    ...partitionEdits(tokens, at),
    ...unionEdits(tokens, at),
    ...connectiveEdits(tokens, at),
    ...(token.kind === 'jinja' ? jinjaEdits(token.text, token.start) : constantEdits(tokens, at)),
  ]);
  return [...found, ...statements.flatMap((statement) => jinjaEdits(statement.text, statement.start))];
}

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** All mutants of a subject, in the order of their places. */
export function mutantsOf(subject: Subject): Mutant[] {
  const { text } = subject;
  const { tokens, statements } = scanTemplate(text);
  return edits(tokens, statements)
    .sort((left, right) => left.start - right.start)
    .flatMap((edit) => {
      if (!isBalanced(text.slice(edit.start, edit.end))) return [];
      const replacement = edit.keep === undefined ? edit.text : `(${text.slice(...edit.keep)})`;
      const lineStart = text.lastIndexOf('\n', edit.start - 1) + 1;
      const lineEnd = text.indexOf('\n', edit.end) === -1 ? text.length : text.indexOf('\n', edit.end);
      const [head, tail] = [text.slice(lineStart, edit.start), text.slice(edit.end, lineEnd)];
      return [
        {
          subject,
          kind: edit.kind,
          line: subject.line + text.slice(0, edit.start).split('\n').length - 1,
          before: flat(text.slice(lineStart, lineEnd)),
          after: flat(head + replacement + tail),
          text: text.slice(0, edit.start) + replacement + text.slice(edit.end),
        },
      ];
    });
}
