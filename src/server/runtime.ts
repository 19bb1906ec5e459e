import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, lchown, mkdir, readFile, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { OsUser } from './os-user.js';
import { temporaryName } from './temporary-name.js';
import type { Binaries } from './binaries.js';

/** A copy of PostgreSQL's programs that the server's user can run. */
export interface Runtime {
  readonly dir: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly major: number;
}

/**
 * Copies the binaries to `<home>/runtime-<version>`, once. The server runs from a copy because npm may not have made the library links or
 * kept the executable bits, because its user may not be able to enter node_modules, and because `npm ci` deletes node_modules under a running server.
 */
export async function prepareRuntime(home: string, binaries: Binaries, user: OsUser | undefined): Promise<Runtime> {
  const dir = path.join(home, `runtime-${binaries.version}`);
  if (!existsSync(dir)) {
    const partial = temporaryName(dir);
    await copyFolder(binaries.nativeDir, partial);
    await makeLinks(partial);
    if (user !== undefined) await giveTo(partial, user);
    await renameUnlessThere(partial, dir);
  }
  return {
    dir,
    postgres: path.join(dir, 'bin', 'postgres'),
    initdb: path.join(dir, 'bin', 'initdb'),
    major: binaries.major,
  };
}

/** Puts a finished folder in its place, or drops it where another process was first. */
export async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    await rm(from, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}

/** What a program links against at build time is of no use here and a quarter of the size. */
function isNeeded(name: string): boolean {
  return !name.endsWith('.a') && name !== 'pkgconfig' && name !== 'include' && name !== 'pgxs';
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  // Not by mkdir's mode: a strict umask would keep the server's user out.
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isNeeded(entry.name)) continue;
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      const isProgram = path.basename(from) === 'bin' || /\.(so|dylib)\b/.test(entry.name);
      await chmod(target, isProgram ? 0o755 : 0o644);
    }
  }
}

/** Everything in a server's folder is its user's: that user may go on with it, and delete it, without root. */
async function giveTo(folder: string, user: OsUser): Promise<void> {
  await lchown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    await lchown(path.join(entry.parentPath, entry.name), user.uid, user.gid);
}

/** Makes the links that npm cannot carry and that the package's install script would make. */
async function makeLinks(dir: string): Promise<void> {
  const list = path.join(dir, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(dir, path.relative('native', target));
    const existing = path.join(dir, path.relative('native', source));
    if (existsSync(link) || !existsSync(existing)) continue;
    await symlink(path.relative(path.dirname(link), existing), link);
  }
}
