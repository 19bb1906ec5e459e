import type { SaltState, Session } from '../types/index.js';

/** The session's salt as a hash of its own: computed by the server, so that the salt is in no statement, and with a prefix, so that it equals no hash of a value. */
const fingerprint = `encode(sha256(convert_to('chemflow fingerprint of the salt:' || nullif(current_setting('chemflow.hash_salt', true), ''), 'UTF8')), 'hex')`;

/** What is known of the salt of a target, compared with the session's. */
export async function readSalt(session: Session, targetSchema: string): Promise<SaltState> {
  const { rows } = await session.query(
    `select ${fingerprint} is null, k.fingerprint is null, coalesce(k.fingerprint = ${fingerprint}, false), coalesce(k.is_rotating, false)
from (select 1) as one left join chemflow.hash_salts as k on k.target_schema = $1`,
    [targetSchema],
  );
  const [isUnset, isNew, isSame, isRotating] = (rows[0] ?? []).map((value) => value === 't');
  if (isUnset === true) return 'unset';
  if (isNew === true) return 'new';
  if (isSame !== true) return 'other';
  return isRotating === true ? 'rotating' : 'same';
}

/** Notes the session's salt as that of a target; `isRotating` until everything has been built with it. */
export async function noteSalt(session: Session, targetSchema: string, isRotating: boolean): Promise<void> {
  await session.query(
    `insert into chemflow.hash_salts (target_schema, fingerprint, is_rotating) values ($1, ${fingerprint}, $2)
on conflict (target_schema) do update set (fingerprint, is_rotating, noted_at) = (excluded.fingerprint, excluded.is_rotating, clock_timestamp())`,
    [targetSchema, isRotating],
  );
}
