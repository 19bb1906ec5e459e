import { createHash } from 'node:crypto';

/** Bytes of an identifier that PostgreSQL keeps. */
export const maximumIdentifierBytes = 63;

/** A name with a suffix, cut (with a digest of the whole name in the gap) so that it takes at most `limit` bytes. */
export function suffixedName(name: string, suffix: string, limit: number = maximumIdentifierBytes): string {
  if (Buffer.byteLength(name + suffix) <= limit) return name + suffix;
  const digest = `_${createHash('md5').update(name).digest('hex').slice(0, 8)}`;
  return cutToBytes(name, limit - Buffer.byteLength(suffix) - digest.length) + digest + suffix;
}

/** The longest beginning of a text that takes at most `limit` bytes of UTF-8 and splits no character. */
export function cutToBytes(text: string, limit: number): string {
  let taken = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    taken += character;
  }
  return taken;
}
