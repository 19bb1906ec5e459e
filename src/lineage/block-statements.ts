import { isTree, listOf, stringOf, textOf, unwrap, type ParseSql, type SqlTree } from './parse-sql.js';
import type { ParseBlock } from './parse-sql.js';
import { isHarmless, requireKnownFunctions } from './harmless-statements.js';

interface BlockOptions {
  readonly parse: ParseSql;
  readonly parseBlock: ParseBlock;
  readonly functions: ReadonlySet<string>;
}

type Fail = (message: string, byte: number | undefined) => never;

/** Statements of PL/pgSQL that send nothing but the expressions and statements in them. */
const known = new Set(
  [
    'assert',
    'assign',
    'block',
    'case',
    'exit',
    'foreach_a',
    'fori',
    'fors',
    'getdiag',
    'if',
    'loop',
    'raise',
    'return',
    'while',
  ]
    .concat('commit', 'rollback', 'perform', 'execsql', 'dynexecute')
    .map((name) => `PLpgSQL_stmt_${name}`),
);

/**
 * The statements that a DO block of PL/pgSQL sends, its variables left as they stand. EXECUTE may have a constant, or format() with one that has only names
 * (%I) to fill in, and only for statements that move no values.
 */
export function blockStatements(tree: SqlTree, options: BlockOptions, fail: Fail): readonly string[] {
  const parts = new Map(
    listOf(tree, 'args').map((one) => {
      const part = unwrap(one)?.tree ?? {};
      return [textOf(part, 'defname'), stringOf(part['arg'])] as const;
    }),
  );
  const language = parts.get('language') ?? 'plpgsql';
  if (language !== 'plpgsql') return fail(`chemflow cannot follow a DO block in ${language}.`, undefined);
  const found: string[] = [];
  const expression = (text: string): void => {
    for (const { tree: parsed } of options.parse(`select ${text}`))
      requireKnownFunctions(parsed, options.functions, fail);
  };
  const dynamic = (text: string): void => {
    const [select] = options.parse(`select ${text}`);
    const template = templateOf(unwrap(listOf(select?.tree ?? {}, 'targetList')[0])?.tree['val']);
    expression(text);
    if (template === undefined || /%(?!I|%|\d+\$I)/.test(template))
      return fail(`what EXECUTE ${text} sends cannot be told.`, undefined);
    const sent = template.replaceAll(/%(?:\d+\$)?I/g, 'a_name').replaceAll('%%', '%');
    if (!isHarmless(options.parse(sent)))
      return fail(`what EXECUTE ${text} moves cannot be followed; write the statement itself.`, undefined);
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isTree(value)) return;
    for (const [kind, inner] of Object.entries(value)) {
      if (kind.startsWith('PLpgSQL_stmt_') && !known.has(kind))
        fail(`chemflow cannot follow ${kind.replace('PLpgSQL_stmt_', '')} in a DO block.`, undefined);
      if (kind === 'PLpgSQL_stmt_execsql') found.push(queryOf(inner, 'sqlstmt'));
      else if (kind === 'PLpgSQL_stmt_dynexecute') dynamic(queryOf(inner, 'query'));
      else if (kind === 'PLpgSQL_expr' && isTree(inner)) expression(expressionOf(inner));
      else walk(inner);
    }
  };
  walk(options.parseBlock(parts.get('as') ?? ''));
  return found;
}

function queryOf(statement: unknown, field: string): string {
  const expression = unwrap(isTree(statement) ? statement[field] : undefined);
  return textOf(expression?.tree ?? {}, 'query') ?? '';
}

/** The expression in what PL/pgSQL kept of it: an assignment's right side, a query as a sub-query. */
function expressionOf(tree: SqlTree): string {
  const query = textOf(tree, 'query') ?? '';
  const mode = tree['parseMode'];
  if (mode === 0 || mode === undefined) return `exists (${query})`;
  return mode === 2 ? query : query.replace(/^[^=]*?:?=/, '');
}

/** The constant that is executed, or that format() fills in. */
function templateOf(value: unknown): string | undefined {
  const node = unwrap(value);
  if (node?.kind === 'FuncCall') {
    const [name] = listOf(node.tree, 'funcname');
    return stringOf(name) === 'format' ? templateOf(listOf(node.tree, 'args')[0]) : undefined;
  }
  return node?.kind === 'A_Const' && isTree(node.tree['sval']) ? (textOf(node.tree['sval'], 'sval') ?? '') : undefined;
}
