import type { Instant } from '../../src/util/instant.js';
import { instantOf, type Row } from './read-sources.js';

/** A blank text is null; anything else stays as it is. */
export function notBlank(text: string | null | undefined): string | null {
  return text === null || text === undefined || /^\p{White_Space}*$/u.test(text) ? null : text;
}

/** A row's life: a hard-deleted row counts as soft-deleted when the source was found without it. */
export interface Life {
  readonly createdAt: Instant;
  readonly deletedAt: Instant | undefined;
}

/** The life of a source row; undefined without a creation time. */
export function lifeOf(row: Row): Life {
  const createdAt = instantOf(row['created_at']);
  if (createdAt === undefined) throw new Error('a row without created_at');
  const soft = instantOf(row['deleted_at']);
  const hard = instantOf(row['_source_deleted_at']);
  const deletedAt = soft === undefined ? hard : hard === undefined ? soft : Math.min(soft, hard);
  return { createdAt, deletedAt };
}

/** Whether something had been created and not yet been deleted at a moment. */
export function isAlive(life: Life, moment: Instant): boolean {
  return life.createdAt <= moment && (life.deletedAt === undefined || life.deletedAt > moment);
}

/** Characters of a text, as PostgreSQL's length() counts them. */
export const characters = (text: string): number => Array.from(text).length;

/** Order of two texts in the C collation (of the UTF-8 bytes; equal to that of code points). */
export function compareTexts(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** A matcher for SQL LIKE patterns without regard to case. */
export function likeMatcher(patterns: readonly string[]): (text: string) => boolean {
  const expressions = patterns.map((pattern) => {
    let source = '';
    for (let index = 0; index < pattern.length; index += 1) {
      let character = pattern[index] ?? '';
      if (character === '%') source += '[^]*';
      else if (character === '_') source += '[^]';
      else {
        if (character === '\\') character = pattern[(index += 1)] ?? '\\';
        source += character.toLowerCase().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      }
    }
    return new RegExp(`^${source}$`, 'u');
  });
  return (text) => expressions.some((expression) => expression.test(text.toLowerCase()));
}
