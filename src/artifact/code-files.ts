import { basename, join } from 'node:path';
import type { ExecutableNode, Project, UnitTest } from '../types/index.js';
import { writeIfChanged } from './write-atomically.js';

/** Path of a node's SQL under `target/compiled` or `target/run`: package, file, and the node's own name where a file holds several. */
export function codePath(node: ExecutableNode | UnitTest): string {
  const file = node.original_file_path;
  if (node.resource_type === 'unit_test')
    return join(node.package_name, file, `${node.unique_id.split('.').slice(2).join('.')}.sql`);
  if (node.resource_type === 'snapshot' && basename(file, '.sql') !== node.name)
    return join(node.package_name, file, `${node.name}.sql`);
  if (basename(node.path) === basename(file)) return join(node.package_name, file);
  return join(node.package_name, file, node.path);
}

/** Writes a node's rendered SQL to `target/compiled`; returns the path relative to the project's folder. */
export function writeCompiled(project: Project, node: ExecutableNode | UnitTest, sql: string): string {
  return writeCode(project, 'compiled', node, sql);
}

/** Writes what was sent to the server for a node to `target/run`. */
export function writeRun(project: Project, node: ExecutableNode | UnitTest, sql: string): string {
  return writeCode(project, 'run', node, sql);
}

function writeCode(project: Project, folder: 'compiled' | 'run', node: ExecutableNode | UnitTest, sql: string): string {
  const path = join(project.targetPath, folder, codePath(node));
  writeIfChanged(path, sql.endsWith('\n') ? sql : `${sql}\n`);
  return path;
}
