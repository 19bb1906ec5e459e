import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { ChemflowError } from '../error/index.js';
import { readPackageEntries, type RenderYaml } from './package-entries.js';

/** The names of a project's own file, in the order in which they are looked for. */
export const projectFileNames = ['chemflow.yml', 'dbt_project.yml'];

/** Absolute path of the project file in a folder, or undefined. */
export function findProjectFile(folder: string): string | undefined {
  return projectFileNames.map((name) => join(folder, name)).find((path) => existsSync(path));
}

/** Where packages come from. */
export interface PackageSearch {
  readonly projectDir: string;
  /** Folder of installed packages (`packages-install-path`), relative to the project's. */
  readonly installPath: string;
  readonly render?: RenderYaml | undefined;
}

/**
 * The folders of a project's packages: what is installed, and `local:` packages that were not installed, at the place that they name, theirs included.
 * Throws `PACKAGES.MISSING` where packages.yml names one that would have to be fetched and nothing is installed.
 */
export function findPackages(search: PackageSearch): string[] {
  const folders = new Map<string, string>();
  const add = (folder: string): boolean => {
    const real = realpathSync(folder);
    if (folders.has(real)) return false;
    folders.set(real, folder);
    return true;
  };
  const installFolder = resolve(search.projectDir, search.installPath);
  const installed = existsSync(installFolder)
    ? readdirSync(installFolder)
        .sort()
        .map((name) => join(installFolder, name))
        .filter((folder) => findProjectFile(folder) !== undefined)
    : [];
  installed.forEach(add);

  const followLocal = (projectDir: string): void => {
    for (const entry of readPackageEntries(projectDir, projectDir === search.projectDir ? search.render : undefined)) {
      if (entry.kind !== 'local') {
        if (installed.length > 0) continue;
        throw new ChemflowError({
          code: 'PACKAGES.MISSING',
          message: `${entry.file} names the package "${entry.name}", which is not installed in ${search.installPath}.`,
          hint: 'chemflow does not fetch packages yet: run "dbt deps" once, or put the package\'s folder there',
        });
      }
      const folder = isAbsolute(entry.path) ? entry.path : resolve(projectDir, entry.path);
      const file = findProjectFile(folder);
      if (file === undefined)
        throw new ChemflowError({
          code: 'PACKAGES.MISSING',
          message: `${entry.file} names the local package "${entry.path}", but there is no ${projectFileNames.join(' or ')} in it.`,
          hint: `the path is taken from the folder of ${entry.file}`,
        });
      const isThere = installed.some((other) => basename(other) === basename(folder));
      if (!isThere && add(folder)) followLocal(folder);
    }
  };
  followLocal(search.projectDir);
  return [...folders.values()];
}
