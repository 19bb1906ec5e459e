import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ProjectConfig } from '../types/index.js';

/** A file of a project or package. */
export interface SourceFile {
  readonly packageName: string;
  readonly absolute: string;
  /** Path relative to its resource folder (`core/unified_users.sql`). */
  readonly path: string;
  /** Path relative to its package's root (`models/core/unified_users.sql`). */
  readonly originalPath: string;
  /** Path as shown to the user: relative to the root project's folder. */
  readonly shown: string;
}

/** The files of one project by what they hold. */
export interface PackageFiles {
  readonly models: readonly SourceFile[];
  readonly seeds: readonly SourceFile[];
  readonly snapshots: readonly SourceFile[];
  readonly analyses: readonly SourceFile[];
  readonly singularTests: readonly SourceFile[];
  /** Files of macros and of generic tests. */
  readonly macros: readonly SourceFile[];
  readonly docs: readonly SourceFile[];
  readonly properties: readonly SourceFile[];
  /** Rows for unit tests: `.csv` and `.sql` files in folders named `fixtures`. */
  readonly fixtures: readonly SourceFile[];
}

const skippedFolders = new Set(['node_modules', '.git', '.chemflow', '__pycache__']);

/** The files below a folder, by their paths, without those of folders that hold no sources. */
export function listFiles(folder: string, found: string[] = []): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isFolder =
      entry.isDirectory() ||
      (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
    if (!isFolder) found.push(path);
    else if (!skippedFolders.has(entry.name)) listFiles(path, found);
  }
  return found;
}

/** Finds the files of a project, each once, in the order of their paths. */
export function findFiles(config: ProjectConfig, rootDir: string): PackageFiles {
  const seen = new Map<string, Set<string>>();
  const collect = (folders: readonly string[], purpose: string, matches: (path: string) => boolean): SourceFile[] => {
    const taken = seen.get(purpose) ?? new Set<string>();
    seen.set(purpose, taken);
    const files: SourceFile[] = [];
    for (const folder of folders) {
      const absolute = join(config.root, folder);
      if (!existsSync(absolute)) continue;
      for (const file of listFiles(absolute)) {
        const path = relative(absolute, file);
        if (taken.has(file) || !matches(path)) continue;
        taken.add(file);
        files.push({
          packageName: config.name,
          absolute: file,
          path,
          originalPath: relative(config.root, file),
          shown: relative(rootDir, file),
        });
      }
    }
    return files;
  };
  const isSql = (path: string): boolean => path.endsWith('.sql');
  const isYaml = (path: string): boolean => /\.ya?ml$/.test(path);
  const isUnder = (path: string, folder: string): boolean => path.split('/').slice(0, -1).includes(folder);
  const folders = [
    ...config.modelPaths,
    ...config.seedPaths,
    ...config.snapshotPaths,
    ...config.macroPaths,
    ...config.testPaths,
    ...config.analysisPaths,
  ];
  const properties = collect(folders, 'properties', (path) => isYaml(path) && !isUnder(path, 'fixtures'));
  const atRoot = join(config.root, 'sources.yml');
  if (config.kind === 'chemflow' && existsSync(atRoot))
    properties.push({
      packageName: config.name,
      absolute: atRoot,
      path: 'sources.yml',
      originalPath: 'sources.yml',
      shown: relative(rootDir, atRoot),
    });
  return {
    models: collect(config.modelPaths, 'models', isSql),
    seeds: collect(config.seedPaths, 'seeds', (path) => path.endsWith('.csv')),
    snapshots: collect(config.snapshotPaths, 'snapshots', isSql),
    analyses: collect(config.analysisPaths, 'analyses', isSql),
    macros: [
      ...collect(config.macroPaths, 'macros', isSql),
      ...collect(config.testPaths, 'macros', (path) => isSql(path) && isUnder(path, 'generic')),
    ],
    singularTests: collect(
      config.testPaths,
      'tests',
      (path) => isSql(path) && !isUnder(path, 'generic') && !isUnder(path, 'fixtures'),
    ),
    docs: collect(config.docsPaths, 'docs', (path) => path.endsWith('.md')),
    properties,
    fixtures: collect(config.testPaths, 'fixtures', (path) => /\.(?:csv|sql)$/.test(path) && isUnder(path, 'fixtures')),
  };
}

/** Reads a file as UTF-8, without a byte order mark. */
export function readText(file: SourceFile): string {
  return withoutMark(readFileSync(file.absolute, 'utf8'));
}

/** A text without the byte order mark that it may begin with. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
