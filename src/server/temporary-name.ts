import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const ABANDONED_AFTER_MS = 10 * 60 * 1000;

/** A name beside `target` for what is to be renamed to it when it is whole. */
export function temporaryName(target: string): string {
  return `${target}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Removes what killed processes left half made in a folder; younger than ten minutes, it may be another process's work. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.includes('.partial-')) continue;
    const full = path.join(folder, name);
    const age =
      Date.now() -
      (await stat(full).then(
        (found) => found.mtimeMs,
        () => Date.now(),
      ));
    if (age > ABANDONED_AFTER_MS) await rm(full, { recursive: true, force: true });
  }
}
