import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatError } from '../../src/error/index.js';
import { loadProject, parseProject, type LoadOptions } from '../../src/project/index.js';
import type { Invocation, Manifest, Project } from '../../src/types/index.js';

/** A project of these files in a folder of its own. */
export interface TestProject {
  readonly folder: string;
  readonly warnings: string[];
  load(options?: Partial<LoadOptions>): Project;
  parse(options?: Partial<LoadOptions>): Manifest;
  /** What parsing (or loading) says is wrong, as a user sees it. */
  complaint(options?: Partial<LoadOptions>): string;
  remove(): void;
}

export const invocation: Invocation = {
  id: '00000000-0000-4000-8000-000000000000',
  startedAt: new Date('2026-03-01T00:00:00Z'),
  flags: {
    which: 'parse',
    fullRefresh: false,
    failFast: false,
    storeFailures: false,
    empty: false,
    threads: 1,
    args: {},
  },
};

/** Writes files to a new folder; without a project file, a chemflow.yml named `shop` is added. */
export function writeProject(files: Readonly<Record<string, string>>): TestProject {
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-project-'));
  const hasProject = Object.keys(files).some((name) => name === 'chemflow.yml' || name === 'dbt_project.yml');
  for (const [name, text] of Object.entries(hasProject ? files : { 'chemflow.yml': 'name: shop\n', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const warnings: string[] = [];
  const sink: LoadOptions['sink'] = (event) => {
    if (event.kind === 'message' && event.level === 'warn') warnings.push(event.text);
  };
  const load = (options: Partial<LoadOptions> = {}): Project =>
    loadProject({ projectDir: folder, env: {}, sink, ...options });
  const parse = (options: Partial<LoadOptions> = {}): Manifest => parseProject(load(options), invocation, sink);
  return {
    folder,
    warnings,
    load,
    parse,
    complaint: (options) => {
      try {
        parse(options);
      } catch (error) {
        return formatError(error);
      }
      return 'nothing is wrong';
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
