import { cpSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { ChemflowError } from '../error/index.js';
import { findProjectFile } from './find-packages.js';
import { readPackageEntries, type RenderYaml } from './package-entries.js';

/** A package that was put in its place. */
export interface InstalledPackage {
  readonly name: string;
  /** Path as packages.yml has it. */
  readonly from: string;
  /** Absolute path of the installed folder. */
  readonly folder: string;
}

/** Installs the `local:` packages of packages.yml, theirs included, as links (copies where links are not possible); throws `PACKAGES.NOT_YET` for one that would have to be fetched. */
export function installPackages(options: {
  readonly projectDir: string;
  readonly installPath: string;
  readonly render?: RenderYaml | undefined;
}): InstalledPackage[] {
  const installFolder = resolve(options.projectDir, options.installPath);
  const installed: InstalledPackage[] = [];
  const install = (projectDir: string, render: RenderYaml | undefined): void => {
    const entries = readPackageEntries(projectDir, render);
    const fetched = entries.find((entry) => entry.kind !== 'local');
    if (fetched !== undefined)
      throw new ChemflowError({
        code: 'PACKAGES.NOT_YET',
        message: `${fetched.file} names the ${fetched.kind} package "${fetched.name}"; chemflow does not fetch packages yet, only local: ones.`,
        hint: `clone it beside the project and write "- local: ../its_folder", or run "dbt deps", which fills ${options.installPath}`,
      });
    for (const entry of entries) {
      if (entry.kind !== 'local') continue;
      const source = resolve(projectDir, entry.path);
      if (findProjectFile(source) === undefined)
        throw new ChemflowError({
          code: 'PACKAGES.MISSING',
          message: `${entry.file} names the local package "${entry.path}", but there is no project in it.`,
          hint: `the path is taken from the folder of ${entry.file}`,
        });
      const name = basename(source);
      const folder = resolve(installFolder, name);
      if (installed.some((known) => known.folder === folder)) continue;
      link(source, folder);
      installed.push({ name, from: entry.path, folder });
      install(source, undefined);
    }
  };
  install(options.projectDir, options.render);
  return installed;
}

function link(source: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder) || isDeadLink(folder)) rmSync(folder, { recursive: true, force: true });
  try {
    symlinkSync(relative(dirname(folder), source), folder, 'dir');
  } catch {
    cpSync(source, folder, { recursive: true });
  }
}

function isDeadLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
