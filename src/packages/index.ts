export { findPackages, findProjectFile, projectFileNames, type PackageSearch } from './find-packages.js';
export { installPackages, type InstalledPackage } from './install-packages.js';
export { readPackageEntries, type PackageEntry, type RenderYaml } from './package-entries.js';
