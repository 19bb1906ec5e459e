import { join, relative } from 'node:path';
import type { Project } from '../types/index.js';

/** Packages whose macros chemflow brings itself. */
export const builtinPackages: readonly string[] = ['dbt', 'dbt_postgres'];

/** A file as it is shown to the user: relative to the root project's folder; files of chemflow's own macros begin with `chemflow/`. */
export function shownFile(project: Project, packageName: string, originalFilePath: string): string {
  if (packageName === project.root.name) return originalFilePath;
  if (builtinPackages.includes(packageName)) return `chemflow/${originalFilePath}`;
  const owner = project.packages.find((candidate) => candidate.name === packageName);
  return owner === undefined ? originalFilePath : join(relative(project.root.root, owner.root), originalFilePath);
}

/** A part of a file on the lines where it stands in it, for an excerpt under an error where the file itself is not at hand. */
export function padded(text: string, line: number): string {
  return '\n'.repeat(Math.max(0, line - 1)) + text;
}
