/** A named query that is put before another. */
export interface NamedQuery {
  readonly name: string;
  readonly sql: string;
}

/** The offset after white space and comments (`--`, and nested ones between slashes and stars) from `start`. */
function skipBlank(sql: string, start: number): number {
  let at = start;
  for (;;) {
    const space = /^\s+/.exec(sql.slice(at, at + 4096));
    if (space !== null) {
      at += space[0].length;
    } else if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at);
      at = end === -1 ? sql.length : end + 1;
    } else if (sql.startsWith('/*', at)) {
      at = skipBlockComment(sql, at);
    } else {
      return at;
    }
  }
}

function skipBlockComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) depth += 1;
    else if (sql.startsWith('*/', at)) depth -= 1;
    else {
      at += 1;
      continue;
    }
    at += 2;
    if (depth === 0) return at;
  }
  return at;
}

/** The offset after a keyword that stands at `start`, or undefined. */
function afterKeyword(sql: string, start: number, keyword: string): number | undefined {
  const end = start + keyword.length;
  if (sql.slice(start, end).toLowerCase() !== keyword || /[\w$]/.test(sql.charAt(end))) return undefined;
  return end;
}

/** The SQL with these queries as CTEs before all others; a `with` (or `with recursive`) that is there already takes them up. */
export function injectCtes(sql: string, queries: readonly NamedQuery[]): string {
  if (queries.length === 0) return sql;
  const list = queries.map((query) => ` ${query.name} as (\n${query.sql}\n)`).join(', ');
  const start = skipBlank(sql, 0);
  const afterWith = afterKeyword(sql, start, 'with');
  if (afterWith === undefined) {
    const first = /\S/.exec(sql)?.index ?? 0;
    return `${sql.slice(0, first)}with${list} ${sql.slice(first)}`;
  }
  const end = afterKeyword(sql, skipBlank(sql, afterWith), 'recursive') ?? afterWith;
  return `${sql.slice(0, end)}${list},${sql.slice(end)}`;
}
