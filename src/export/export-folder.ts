import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeError } from './output-file.js';

/** A folder that files are put into all together, when all of them are whole. */
export interface ExportFolder {
  readonly path: string;
  /** Where a file is written until it is put in its place: on the same disk, under a name that no reader looks for. */
  draftOf(name: string): string;
  /** Puts the drafts of these names in their places, and takes the files of `obsolete` away. */
  publish(names: readonly string[], obsolete: readonly string[]): Promise<void>;
  /** Takes the drafts away. */
  discard(): Promise<void>;
}

/** What is to be moved, written down before the first move: who finds it after a crash goes on. */
interface Journal {
  readonly names: readonly string[];
  readonly obsolete: readonly string[];
}

const journalName = 'publish.json';

/** The folder of the drafts of one database in an export's folder. */
export function draftsFolder(folder: string, owner: string): string {
  return join(folder, `.chemflow-export-${createHash('sha256').update(owner).digest('hex').slice(0, 12)}`);
}

/**
 * Opens a folder for an export, and makes it where it is not there. The drafts of an export that was killed are removed, or put in their places where it
 * was killed while it did that. `owner` names the database; the caller keeps two exports of one owner apart.
 */
export async function openExportFolder(folder: string, owner: string): Promise<ExportFolder> {
  const drafts = draftsFolder(folder, owner);
  try {
    await finishPublication(folder, drafts);
    await rm(drafts, { recursive: true, force: true });
    await mkdir(drafts, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
  return {
    path: folder,
    draftOf: (name) => join(drafts, name),
    publish: async (names, obsolete) => {
      try {
        const journal = join(drafts, journalName);
        await writeFile(`${journal}.tmp`, JSON.stringify({ names, obsolete } satisfies Journal), { flush: true });
        await rename(`${journal}.tmp`, journal);
        await syncFolder(drafts);
        await finishPublication(folder, drafts);
        await rm(drafts, { recursive: true, force: true });
        await syncFolder(folder);
      } catch (error) {
        throw writeError(folder, error);
      }
    },
    discard: async () => {
      // Once the journal is written, the export is made: what is left to move is moved by the next one.
      if (!existsSync(join(drafts, journalName))) await rm(drafts, { recursive: true, force: true });
    },
  };
}

/** Moves what a journal says and was not moved yet. */
async function finishPublication(folder: string, drafts: string): Promise<void> {
  const text = await readFile(join(drafts, journalName), 'utf8').catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const { names, obsolete } = JSON.parse(text) as Journal;
  for (const name of names.map((one) => basename(one)))
    if (existsSync(join(drafts, name))) await rename(join(drafts, name), join(folder, name));
  for (const name of obsolete) await rm(join(folder, basename(name)), { force: true });
}

/** Makes renames in a folder last; where a folder cannot be opened for that, the system sees to it itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
