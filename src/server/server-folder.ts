import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { ChemflowError } from '../error/index.js';
import { CLEAN_ENVIRONMENT } from './run-program.js';
import { identityOf, isRoot, type OsUser } from './os-user.js';

/** PostgreSQL keeps paths in 1,024 bytes, and adds to them. */
const LONGEST_PATH_BYTES = 700;

/** initdb hands its paths to a shell between double quotes. */
const UNSAFE_IN_A_SHELL = /["$`\\\n\r]/;

/**
 * Makes a folder (0700) for a server that its user owns, can enter and can write. Resolves to false, with nothing left, where that cannot be:
 * a parent closed to that user, a file system without owners or modes, a path too long or too odd for PostgreSQL.
 */
export async function makeServerFolder(folder: string, user: OsUser | undefined): Promise<boolean> {
  if (Buffer.byteLength(folder) > LONGEST_PATH_BYTES || UNSAFE_IN_A_SHELL.test(folder)) return false;
  let made = false;
  try {
    made = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    if (((await stat(folder)).mode & 0o777) === 0o700 && canUse(folder, user)) return true;
  } catch {
    // Falls through to "cannot be".
  }
  if (made) await rm(folder, { recursive: true, force: true });
  return false;
}

/** Asks the kernel, as that user: reading modes would miss access lists and mounts. */
function canUse(folder: string, user: OsUser | undefined): boolean {
  // The empty script tells where programs may not be run at all.
  const script = 'cd -- "$1" && : > probe && chmod 700 probe && ./probe && rm probe';
  const result = spawnSync('/bin/sh', ['-c', script, 'sh', folder], {
    cwd: '/',
    env: CLEAN_ENVIRONMENT,
    stdio: 'ignore',
    ...identityOf(user),
  });
  return result.status === 0;
}

/** Makes the folder that holds several projects' servers, open to all whatever the umask is. */
async function makeShared(parent: string): Promise<void> {
  try {
    if ((await mkdir(parent, { recursive: true })) !== undefined) await chmod(parent, 0o755);
  } catch {
    // The next parent is tried.
  }
}

/** Makes a folder for a server outside of the project, under a name that nobody can guess. */
export async function makeSystemFolder(user: OsUser | undefined): Promise<string> {
  const id = randomBytes(6).toString('hex');
  const parents = isRoot()
    ? ['/var/lib/chemflow', '/var/tmp', tmpdir()]
    : [path.join(homedir(), '.local', 'state', 'chemflow'), '/var/tmp', tmpdir()];
  for (const parent of parents) {
    if (path.basename(parent) === 'chemflow') await makeShared(parent);
    const folder = path.join(parent, `chemflow-${id}`);
    if (await makeServerFolder(folder, user)) return folder;
  }
  throw new ChemflowError({
    code: 'SERVER.NO_FOLDER',
    message: `There is no folder in which ${user?.name ?? 'this user'} can keep the embedded server's data (tried ${parents.join(', ')}).`,
    hint: 'make one of them writable, or use a PostgreSQL server of your own (.env.example)',
  });
}
