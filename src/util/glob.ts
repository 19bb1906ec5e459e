/** Has the text a wildcard of fnmatch (`*`, `?`, `[`)? */
export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A pattern of Python's fnmatch as an expression for whole texts: `*` any characters, `?` one, `[ab]`, `[!ab]`. */
export function globExpression(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    const end = character === '[' ? pattern.indexOf(']', index + 2) : -1;
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (end !== -1) {
      const set = pattern.slice(index + 1, end).replaceAll('\\', '\\\\');
      source += `[${set.startsWith('!') ? `^${set.slice(1)}` : set}]`;
      index = end;
    } else source += character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  }
  return new RegExp(`^${source}$`, 's');
}

/** A test of whole texts against a pattern; a pattern without wildcards is compared as it is. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const expression = globExpression(pattern);
  return (text) => expression.test(text);
}
