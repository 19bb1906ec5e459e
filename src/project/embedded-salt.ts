import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The salt of a project's embedded server: generated once, kept in `.chemflow/hash_salt` for the owner's eyes only (mode 0600). Two processes at once get the same one. */
export function embeddedSalt(projectDir: string): string {
  const folder = join(projectDir, '.chemflow');
  const path = join(folder, 'hash_salt');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const beside = `${path}.${process.pid}.tmp`;
    writeFileSync(beside, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    giveToOwner(beside, projectDir);
    try {
      // A link fails where the name is taken already: whoever comes second reads what the first has written.
      linkSync(beside, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(beside, { force: true });
    }
  }
  return readFileSync(path, 'utf8').trim();
}

/** Root in another user's project leaves files that this user can read again. */
function giveToOwner(path: string, projectDir: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(projectDir);
  chownSync(path, uid, gid);
}
