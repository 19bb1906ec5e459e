import { createRequire } from 'node:module';
import type { Token } from './tokens.js';

/** The part of nunjucks' Parser that the dialect builds on: its token buffer and its way of ending a body at a tag. */
export interface NunjucksParser {
  tokens: { nextToken(): Token };
  peeked: Token | null;
  breakOnBlocks: readonly string[] | null;
  init(tokens: { nextToken(): Token }): void;
  nextToken(): Token;
  peekToken(): Token;
  parseUntilBlocks(...names: string[]): { children: unknown[] };
  parseAsRoot(): { children: unknown[] };
}

/** The part of nunjucks' Compiler that the dialect builds on: its code buffer, its temporaries and its dispatch on a node's type name. */
export interface NunjucksCompiler {
  codebuf: string[];
  buffer: string | null;
  init(templateName: string, throwOnUndefined: boolean): void;
  compile(node: unknown, frame: unknown): void;
  getCode(): string;
  _emit(code: string): void;
  _tmpid(): string;
}

type ParserClass = new (tokens: { nextToken(): Token }) => NunjucksParser;
type CompilerClass = new (templateName: string, throwOnUndefined: boolean) => NunjucksCompiler;

const require = createRequire(import.meta.url);

/** nunjucks' own Parser class; loaded when the first template is compiled, not before. */
export function nunjucksParser(): ParserClass {
  return (require('nunjucks/src/parser') as { Parser: ParserClass }).Parser;
}

/** nunjucks' own Compiler class; loaded when the first template is compiled, not before. */
export function nunjucksCompiler(): CompilerClass {
  return (require('nunjucks/src/compiler') as { Compiler: CompilerClass }).Compiler;
}
