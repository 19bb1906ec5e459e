import { globMatcher, hasWildcard } from '../util/glob.js';

function matchesFrom(parts: readonly string[], wanted: readonly string[]): boolean {
  if (parts.length < wanted.length) return false;
  for (const [index, word] of wanted.entries()) {
    // From the first wildcard on, the rest is one pattern: `staging.*` takes every depth below.
    if (hasWildcard(word)) return globMatcher(wanted.slice(index).join('.'))(parts.slice(index).join('.'));
    if (parts[index] !== word) return false;
  }
  return true;
}

/**
 * A test of qualified names (package, folders, name) by dbt's rules: the name alone, or a dotted beginning with or without the package.
 * Beyond dbt, a dotted end matches too, so that `aggregates.cohort_retention` is found at any depth.
 */
export function matchesQualifiedName(value: string): (fqn: readonly string[]) => boolean {
  const wanted = value.split('.');
  const matchesName = globMatcher(value);
  return (fqn) => {
    const name = fqn.at(-1) ?? '';
    if (name === value || (wanted.length === 1 && matchesName(name))) return true;
    const parts = fqn.flatMap((part) => part.split('.'));
    if (matchesFrom(parts, wanted) || matchesFrom(parts.slice(1), wanted)) return true;
    return wanted.length > 1 && !hasWildcard(value) && parts.slice(-wanted.length).join('.') === value;
  };
}
