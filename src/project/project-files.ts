import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Project, ProjectConfig } from '../types/index.js';
import { identityOf } from './program-identity.js';
import { listFiles, withoutMark } from './source-files.js';

/** The files that a parse can depend upon. */
export interface ProjectFiles {
  /** By path as shown to the user: the bytes, or of a large file a text that tells it from others. */
  readonly contents: ReadonlyMap<string, Buffer | string>;
  /** The text of a file, by its path as shown; undefined for one that is not there. */
  textOf(shown: string): string | undefined;
}

const largeSize = 1024 * 1024;

/** Every folder that resources, or their descriptions, are looked for in. */
function foldersOf(config: ProjectConfig): readonly string[] {
  return [
    ...new Set([
      ...config.modelPaths,
      ...config.seedPaths,
      ...config.snapshotPaths,
      ...config.macroPaths,
      ...config.testPaths,
      ...config.analysisPaths,
      ...config.docsPaths,
    ]),
  ];
}

/**
 * Reads every file below the resource folders of a project and its packages, whatever its kind, with their project files: more than a parse reads today, so that
 * none can be forgotten. Contents are read, not times, but for large files, which are data.
 */
export function readProjectFiles(project: Project): ProjectFiles {
  const rootDir = project.root.root;
  const contents = new Map<string, Buffer | string>();
  const paths = new Map<string, string>();
  const add = (path: string): void => {
    const shown = relative(rootDir, path);
    if (contents.has(shown)) return;
    paths.set(shown, path);
    contents.set(shown, statSync(path).size > largeSize ? identityOf(path) : readFileSync(path));
  };
  for (const config of [project.root, ...project.packages]) {
    for (const file of [join(rootDir, config.file), join(config.root, 'sources.yml')]) if (existsSync(file)) add(file);
    for (const folder of foldersOf(config)) {
      const absolute = join(config.root, folder);
      if (existsSync(absolute)) listFiles(absolute).forEach(add);
    }
  }
  return {
    contents,
    textOf: (shown) => {
      const content = contents.get(shown);
      if (content === undefined) return undefined;
      return withoutMark(
        typeof content === 'string' ? readFileSync(paths.get(shown) ?? '', 'utf8') : content.toString(),
      );
    },
  };
}
