import type { Json } from '../types/index.js';

const secretKey = /pass(word)?$|salt|secret|token/i;

/** A copy of a JSON value in which the value of every key that sounds secret is `*****`, for artifacts. */
export function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value))
    copy[key] = secretKey.test(key) && inner !== null && typeof inner !== 'object' ? '*****' : withoutSecrets(inner);
  return copy;
}
