import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findProjectFile, installPackages, type InstalledPackage } from '../packages/index.js';
import { readEnvironment, type Environment } from './environment.js';
import { renderYaml } from './render-yaml-now.js';
import { noProjectError } from './project-config.js';
import { isObject, readYaml } from './yaml-file.js';

/** `chemflow deps`: installs the `local:` packages of the project in a folder; needs neither target nor connections. Throws `PACKAGES.*`. */
export function installProjectPackages(options: {
  readonly projectDir: string;
  readonly env?: Environment | undefined;
}): InstalledPackage[] {
  const projectDir = resolve(options.projectDir);
  const path = findProjectFile(projectDir);
  if (path === undefined) throw noProjectError(projectDir, []);
  const env = readEnvironment(projectDir, options.env ?? process.env);
  const { value } = readYaml(path, readFileSync(path, 'utf8'));
  const installPath = isObject(value) ? value['packages-install-path'] : undefined;
  return installPackages({
    projectDir,
    installPath: typeof installPath === 'string' ? installPath : 'dbt_packages',
    render: (packages, name, text) =>
      renderYaml(packages, readYaml(name, text), [], { env, cliVars: {}, allowSecrets: true }),
  });
}
