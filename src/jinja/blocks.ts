import { ChemflowError, placeAt } from '../error/index.js';
import type { TemplateSource, TopLevelBlock } from './template-types.js';

const tagStart = /\{#|\{\{|\{%[-+]?\s*(?<word>[A-Za-z_]\w*)?(?:\s+(?<name>[\p{L}_][\p{L}\p{N}_]*))?/gu;
const rawBlock = /\{%[-+]?\s*raw\s*[-+]?%\}[^]*?\{%[-+]?\s*endraw\s*[-+]?%\}/y;
const quoted = /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y;

const kinds: Readonly<Record<string, TopLevelBlock['kind']>> = {
  macro: 'macro',
  materialization: 'materialization',
  test: 'test',
  data_test: 'test',
  snapshot: 'snapshot',
  docs: 'docs',
};

interface OpenBlock {
  readonly word: string;
  readonly kind: TopLevelBlock['kind'];
  readonly name: string;
  readonly start: number;
  readonly header: string;
  readonly contentStart: number;
}

/** The blocks of a macro, docs or snapshot file in order, found without parsing what they hold; JINJA.SYNTAX for one that does not end. */
export function scanBlocks(source: TemplateSource): TopLevelBlock[] {
  const { text } = source;
  const blocks: TopLevelBlock[] = [];
  let open: OpenBlock | undefined;
  const lineAt = createLineCounter(text, source.line ?? 1);
  tagStart.lastIndex = 0;
  for (let match = tagStart.exec(text); match !== null; match = tagStart.exec(text)) {
    const start = match.index;
    const word = match.groups?.['word'];
    if (match[0] === '{#') {
      tagStart.lastIndex = endOf(source, '#}', start);
      continue;
    }
    // Docs may hold anything; only their own end tag counts.
    const isText = open?.kind === 'docs';
    if (match[0] === '{{') {
      tagStart.lastIndex = isText ? start + 2 : endOfTag(source, start, '}}');
      continue;
    }
    if (word === undefined || (isText && word !== `end${open?.word ?? ''}`)) {
      tagStart.lastIndex = start + 2;
      continue;
    }
    if (word === 'raw') {
      rawBlock.lastIndex = start;
      if (!rawBlock.test(text)) throw failure(source, "this 'raw' is not closed: '{% endraw %}' is missing", start);
      tagStart.lastIndex = rawBlock.lastIndex;
      continue;
    }
    const end = endOfTag(source, start, '%}');
    tagStart.lastIndex = end;
    const kind = kinds[word];
    if (kind !== undefined) {
      if (open !== undefined) {
        const outer = `'${open.word} ${open.name}'`;
        throw failure(
          source,
          `${outer} is not closed before another '${word}' begins`,
          start,
          `did you forget {% end${open.word} %}?`,
        );
      }
      const name = match.groups?.['name'] ?? '';
      if (name === '') throw failure(source, `this '${word}' has no name`, start);
      const header = text
        .slice(start + match[0].length, end)
        .replace(/[-+]?%\}$/, '')
        .trim();
      open = { word, kind, name, start, header, contentStart: end };
    } else if (open !== undefined && closes(word, open)) {
      blocks.push({
        kind: open.kind,
        name: open.name,
        text: text.slice(open.start, end),
        contents: text.slice(open.contentStart, start),
        offset: open.start,
        line: lineAt(open.start),
        header: open.header,
      });
      open = undefined;
    }
  }
  if (open !== undefined) {
    throw failure(source, `this '${open.word}' is not closed: '{% end${open.word} %}' is missing`, open.start);
  }
  return blocks;
}

function closes(word: string, open: OpenBlock): boolean {
  return word === `end${open.word}` || (open.kind === 'test' && (word === 'endtest' || word === 'enddata_test'));
}

/** The offset after a tag's end; quotes in it may hold anything. */
function endOfTag(source: TemplateSource, start: number, close: string): number {
  const { text } = source;
  for (let at = start + 2; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") {
      quoted.lastIndex = at;
      if (!quoted.test(text)) throw failure(source, 'this string is not closed', at);
      at = quoted.lastIndex - 1;
    } else if (text.startsWith(close, at)) {
      // `{{ {'a': {}}} }}`: a run of brackets ends the tag with its last two.
      let end = at + close.length;
      if (close === '}}') while (text[end] === '}') end += 1;
      return end;
    }
  }
  throw failure(source, `this tag is not closed: '${close}' is missing`, start);
}

function endOf(source: TemplateSource, close: string, start: number): number {
  const end = source.text.indexOf(close, start + 2);
  if (end === -1) throw failure(source, 'missing end of comment tag', start);
  return end + close.length;
}

function failure(source: TemplateSource, message: string, offset: number, hint?: string): ChemflowError {
  const place = placeAt(source.file, source.text, offset);
  const line = place.line + (source.line ?? 1) - 1;
  return new ChemflowError({
    code: 'JINJA.SYNTAX',
    message,
    hint,
    place: { ...place, line, text: source.fileText ?? source.text },
  });
}

/** Lines of rising offsets, counted once. */
function createLineCounter(text: string, firstLine: number): (offset: number) => number {
  let line = firstLine;
  let counted = 0;
  return (offset) => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
      line += 1;
      counted = at + 1;
    }
    return line;
  };
}
