import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { chmod, chown, link, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ChemflowError } from '../error/index.js';
import { SERVER_ROLE } from './data-directory.js';
import { pickPort } from './port.js';
import { chooseServerUser, isRoot, userOfId, type OsUser } from './os-user.js';
import { makeServerFolder, makeSystemFolder } from './server-folder.js';
import { temporaryName } from './temporary-name.js';

/** `.chemflow/server.json`: how a project reaches its embedded server, and where that lives. */
export interface ServerRecord {
  readonly version: 1;
  /** The server's folder: relative to `.chemflow/`, or absolute where it could not lie there. */
  readonly home: string;
  /** The port that it had last, tried first at the next start. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const FOLDER_INSIDE = 'postgres';

/** Where things of a project's embedded server lie. */
export interface ServerPlaces {
  readonly stateDir: string;
  readonly recordFile: string;
  /** Where its home is unless the record says otherwise. */
  readonly homeInside: string;
}

/** The places of a project's embedded server; the project's folder by its real path, so that one project has one server. */
export function placesOf(projectDir: string): ServerPlaces {
  const stateDir = path.join(realpathSync(projectDir), '.chemflow');
  return {
    stateDir,
    recordFile: path.join(stateDir, 'server.json'),
    homeInside: path.join(stateDir, FOLDER_INSIDE),
  };
}

/** The absolute path of a record's home, and of what lies in it. */
export function homeOf(places: ServerPlaces, record: ServerRecord): { home: string; dataDir: string; logFile: string } {
  const home = path.resolve(places.stateDir, record.home);
  return { home, dataDir: path.join(home, 'data'), logFile: path.join(home, 'postgres.log') };
}

/** Reads the record; undefined where the project has none yet. Throws SERVER.RECORD where it cannot be read. */
export function readRecord(places: ServerPlaces): ServerRecord | undefined {
  let text: string;
  try {
    text = readFileSync(places.recordFile, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ChemflowError({
      code: 'SERVER.NOT_YOURS',
      message: `${places.recordFile} cannot be read (${code ?? String(error)}): another user started this project's embedded server.`,
      hint: 'run chemflow as that user, or use a copy of the project of your own',
      cause: error,
    });
  }
  try {
    const record = JSON.parse(text) as ServerRecord;
    if (record.version === 1 && typeof record.home === 'string' && typeof record.password === 'string') return record;
  } catch {
    // Falls through.
  }
  throw new ChemflowError({
    code: 'SERVER.RECORD',
    message: `${places.recordFile} is not what chemflow wrote.`,
    hint: 'chemflow db reset --yes makes a new, empty server',
  });
}

/**
 * The record of a project, made with a home and a password where there is none; of two processes at once one's is kept.
 * A record that came along with a copied project and points to the original's server outside of it is replaced by one of the copy's own.
 */
export async function ensureRecord(projectDir: string): Promise<ServerRecord> {
  const places = placesOf(projectDir);
  // Looked at before the record: whoever makes data has written the record first.
  const hasData = existsSync(path.join(places.homeInside, 'data'));
  const known = readRecord(places);
  if (known !== undefined) {
    if (!isOfAnotherProject(places, known)) return known;
    await rm(places.recordFile, { force: true });
  } else if (hasData) {
    throw new ChemflowError({
      code: 'SERVER.RECORD',
      message: `${places.homeInside} holds a server's data, but ${places.recordFile} with its password is gone.`,
      hint: 'put it back, or make a new, empty server: chemflow db reset --yes',
    });
  }
  return createRecord(places);
}

async function createRecord(places: ServerPlaces): Promise<ServerRecord> {
  const user = chooseServerUser(path.dirname(places.stateDir));
  await makeStateDir(places.stateDir);
  const isInside = await makeServerFolder(places.homeInside, user);
  const home = isInside ? FOLDER_INSIDE : await makeSystemFolder(user);
  const record: ServerRecord = {
    version: 1,
    home,
    port: await pickPort(),
    user: SERVER_ROLE,
    password: randomBytes(24).toString('base64url'),
  };
  if (!isInside) writeFileSync(ownerFile(home), `${places.stateDir}\n`);
  const partial = await writePartial(places, record);
  try {
    await link(partial, places.recordFile);
    return record;
  } catch (error) {
    const first = readRecord(places);
    if (first === undefined) throw error;
    if (!isInside) await rm(home, { recursive: true, force: true });
    return first;
  } finally {
    await rm(partial, { force: true });
  }
}

/** Remembers the port of a started server. */
export async function updateRecord(places: ServerPlaces, record: ServerRecord): Promise<void> {
  await rename(await writePartial(places, record), places.recordFile);
}

async function writePartial(places: ServerPlaces, record: ServerRecord): Promise<string> {
  const partial = temporaryName(places.recordFile);
  await writeFile(partial, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await giveToOwner(partial, path.dirname(places.stateDir));
  return partial;
}

/** Makes `.chemflow/` with a .gitignore of its own. */
async function makeStateDir(stateDir: string): Promise<void> {
  if ((await mkdir(stateDir, { recursive: true })) === undefined) return;
  // Open to the server's user whatever the umask is; what is secret in it is closed by itself.
  await chmod(stateDir, 0o755);
  const ignore = path.join(stateDir, '.gitignore');
  await writeFile(ignore, '*\n');
  for (const made of [stateDir, ignore]) await giveToOwner(made, path.dirname(stateDir));
}

/** What root makes in another user's project belongs to that user, so that he can go on without root. */
async function giveToOwner(file: string, projectDir: string): Promise<void> {
  if (!isRoot()) return;
  const owner = await stat(projectDir);
  if (owner.uid !== 0) await chown(file, owner.uid, owner.gid).catch(() => undefined);
}

function ownerFile(home: string): string {
  return path.join(home, 'project');
}

function isOfAnotherProject(places: ServerPlaces, record: ServerRecord): boolean {
  if (!path.isAbsolute(record.home)) return false;
  let owner: string;
  try {
    owner = readFileSync(ownerFile(record.home), 'utf8').trim();
  } catch {
    return false;
  }
  if (owner === places.stateDir) return false;
  const original = path.join(owner, 'server.json');
  try {
    if ((JSON.parse(readFileSync(original, 'utf8')) as ServerRecord).home === record.home) return true;
  } catch {
    // The original is gone: the project was moved here, and its server with it.
  }
  writeFileSync(ownerFile(record.home), `${places.stateDir}\n`);
  return false;
}

/** Whom a server runs as: the owner of its folder, whoever starts it. */
export async function userOfHome(home: string): Promise<OsUser | undefined> {
  if (!isRoot()) return undefined;
  return userOfId((await stat(home)).uid);
}
