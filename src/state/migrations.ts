import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChemflowError } from '../error/index.js';
import type { Session } from '../types/index.js';
import { packageRoot } from '../util/package-root.js';

const folder = join(packageRoot, 'src', 'state', 'migrations');

const prepare = `
create schema if not exists chemflow;
create table if not exists chemflow.migrations (name text primary key, applied_at timestamptz not null default now());
`;

/** Names of the migrations in the order in which they are applied. */
export function migrationNames(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

/**
 * Brings schema `chemflow` up to date, all missing migrations in one transaction; two processes at once do it once.
 * One round trip where nothing is missing. Errors: STATE.PRIVILEGE with the SQL to type, STATE.NEWER for a schema of a later chemflow.
 */
export async function migrate(session: Session): Promise<void> {
  const names = migrationNames();
  const applied = await appliedMigrations(session);
  refuseNewer(names, applied);
  if (names.every((name) => applied.has(name))) return;
  try {
    await session.query(`begin; select pg_advisory_xact_lock(hashtextextended('chemflow migrations', 0))`);
    // NOTICEs that something is there already would say nothing to a user.
    await session.query(`set local client_min_messages = warning; ${prepare}`);
    const current = await appliedMigrations(session);
    for (const name of names.filter((name) => !current.has(name))) {
      await session.query(readFileSync(join(folder, name), 'utf8'));
      await session.query('insert into chemflow.migrations (name) values ($1)', [name]);
    }
    await session.query('commit');
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    throw explainPrivilege(error);
  }
}

async function appliedMigrations(session: Session): Promise<ReadonlySet<string>> {
  try {
    const { rows } = await session.query('select name from chemflow.migrations');
    return new Set(rows.map(([name]) => name ?? ''));
  } catch (error) {
    const isMissing = error instanceof ChemflowError && ['SQL.42P01', 'SQL.3F000'].includes(error.code);
    if (isMissing) return new Set();
    throw explainPrivilege(error);
  }
}

function refuseNewer(known: readonly string[], applied: ReadonlySet<string>): void {
  const unknown = [...applied].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ChemflowError({
    code: 'STATE.NEWER',
    message: `Schema chemflow was made by a later chemflow: this one does not know ${unknown.join(', ')}.`,
    hint: 'npm install chemflow@latest',
  });
}

function explainPrivilege(error: unknown): unknown {
  if (!(error instanceof ChemflowError) || error.code !== 'SQL.42501') return error;
  return new ChemflowError({
    code: 'STATE.PRIVILEGE',
    message: `chemflow may not keep its state in schema chemflow of this database: ${error.message}.`,
    hint: 'As the database’s owner: GRANT CREATE ON DATABASE <database> TO <user>; or CREATE SCHEMA chemflow AUTHORIZATION <user>;',
    cause: error,
  });
}
