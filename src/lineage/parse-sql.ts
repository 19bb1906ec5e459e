import { ChemflowError } from '../error/index.js';

/** A part of PostgreSQL's syntax tree: its fields by name. A node is wrapped as `{Kind: fields}`, a part of a fixed kind is its fields. */
export type SqlTree = Readonly<Record<string, unknown>>;

/** A node of the tree with its kind taken off. */
export interface SqlNode {
  readonly kind: string;
  readonly tree: SqlTree;
}

/** A parser of SQL by PostgreSQL's own grammar; throws LINEAGE.SYNTAX. */
export type ParseSql = (sql: string) => readonly SqlNode[];

/** A parser of the body of a DO block in PL/pgSQL, by PostgreSQL's own grammar; throws Untraceable. */
export type ParseBlock = (body: string) => unknown;

/** SQL whose columns cannot be told, and where (UTF-16 offset); it never gets out of this folder. */
export class Untraceable extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Loads the grammar (WebAssembly, a tenth of a second) and gives its parser. */
export async function loadParser(): Promise<ParseSql> {
  const grammar = await import('libpg-query');
  await grammar.loadModule();
  return (sql) => {
    try {
      const { stmts } = grammar.parseSync(sql) as unknown as { readonly stmts?: readonly { readonly stmt: unknown }[] };
      return (stmts ?? []).flatMap(({ stmt }) => {
        const node = unwrap(stmt);
        return node === undefined ? [] : [node];
      });
    } catch (error) {
      const details = (error as { readonly sqlDetails?: { readonly cursorPosition: number } }).sqlDetails;
      const message = error instanceof Error ? error.message : String(error);
      if (details === undefined)
        throw new ChemflowError({
          code: 'LINEAGE.SYNTAX',
          message: `The SQL cannot be parsed: ${message}`,
          cause: error,
        });
      throw new Untraceable(message, offsetOfByte(sql, details.cursorPosition));
    }
  };
}

/** Loads the grammar of PL/pgSQL. */
export async function loadBlockParser(): Promise<ParseBlock> {
  const grammar = await import('libpg-query');
  await grammar.loadModule();
  return (body) => {
    let tag = '$chemflow$';
    while (body.includes(tag)) tag = `${tag.slice(0, -1)}_$`;
    try {
      return grammar.parsePlPgSQLSync(`do ${tag}${body}${tag}`);
    } catch (error) {
      throw new Untraceable(
        `the block cannot be parsed: ${error instanceof Error ? error.message : String(error)}.`,
        0,
      );
    }
  };
}

/** The UTF-16 offset of a byte of a text's UTF-8 form, in which the grammar counts. */
export function offsetOfByte(sql: string, byte: number): number {
  return Buffer.from(sql, 'utf8').subarray(0, Math.max(0, byte)).toString('utf8').length;
}

export function isTree(value: unknown): value is SqlTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The node in its wrapping, or undefined for what is none. */
export function unwrap(value: unknown): SqlNode | undefined {
  if (!isTree(value)) return undefined;
  const [kind, ...others] = Object.keys(value);
  if (kind === undefined || others.length > 0 || !/^[A-Z]/.test(kind)) return undefined;
  const tree = value[kind];
  return isTree(tree) ? { kind, tree } : undefined;
}

/** A field that is a list of nodes or parts; the empty list where it is left out. */
export function listOf(tree: SqlTree, field: string): readonly unknown[] {
  const value = tree[field];
  return Array.isArray(value) ? value : [];
}

/** A field that is a text. */
export function textOf(tree: SqlTree, field: string): string | undefined {
  const value = tree[field];
  return typeof value === 'string' ? value : undefined;
}

/** A field that is a part of a fixed kind. */
export function partOf(tree: SqlTree, field: string): SqlTree | undefined {
  const value = tree[field];
  return isTree(value) ? value : undefined;
}

/** The text of a String node. */
export function stringOf(value: unknown): string | undefined {
  const node = unwrap(value);
  return node?.kind === 'String' ? (textOf(node.tree, 'sval') ?? '') : undefined;
}

/** The texts of a list of String nodes. */
export function stringsOf(tree: SqlTree, field: string): readonly string[] {
  return listOf(tree, field).flatMap((one) => stringOf(one) ?? []);
}

/** A function's or type's name without pg_catalog, which PostgreSQL searches first. */
export function catalogName(names: readonly string[]): string {
  return (names[0] === 'pg_catalog' ? names.slice(1) : names).join('.');
}
