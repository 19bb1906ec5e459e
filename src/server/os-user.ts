import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { ChemflowError } from '../error/index.js';

/** Whom the server's processes run as; undefined stands for the user of this process. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Spawn options that make a child run as `user`. */
export function identityOf(user: OsUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid };
}

/** Is this process root? PostgreSQL refuses to run as root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The users of /etc/passwd; initdb needs its user to have a name there. */
function readUsers(): readonly OsUser[] {
  let text: string;
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name === undefined || uid === undefined || gid === undefined || line.startsWith('#')
      ? []
      : [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

/** The user with this uid, or undefined where it has no name on this system. */
export function userOfId(uid: number): OsUser | undefined {
  return readUsers().find((user) => user.uid === uid);
}

/**
 * The user that the embedded server of a folder runs as: undefined (this process's own) for an ordinary user; for root the folder's owner,
 * or else `nobody`, who owns least, before `postgres`, who may own another server's data.
 */
export function chooseServerUser(folder: string): OsUser | undefined {
  if (!isRoot()) return undefined;
  const users = readUsers();
  const owner = statSync(folder).uid;
  const candidates = [
    owner === 0 ? undefined : users.find((user) => user.uid === owner),
    ...['nobody', 'postgres', 'daemon'].map((name) => users.find((user) => user.name === name)),
  ];
  const chosen = candidates.find((user) => user !== undefined && user.uid !== 0 && canBecome(user));
  if (chosen === undefined) {
    throw new ChemflowError({
      code: 'SERVER.NO_USER',
      message:
        'PostgreSQL does not run as root, and there is no user that it can be run as here (tried nobody and postgres).',
      hint: 'run chemflow as an ordinary user, or set ANALYTICS_DB_HOST and the other variables of .env.example to use a server of your own',
    });
  }
  return chosen;
}

/** In some containers root may not become another user. */
function canBecome(user: OsUser): boolean {
  return spawnSync('/bin/sh', ['-c', ':'], { cwd: '/', ...identityOf(user) }).status === 0;
}
