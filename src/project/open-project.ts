import { join, resolve } from 'node:path';
import type { ChemflowError } from '../error/index.js';
import type { Project, RunEvent } from '../types/index.js';
import { valueOf } from './environment.js';
import { readProject, type LoadOptions } from './read-project.js';
import type { CreateRenderer } from './render-yaml.js';
import { createYamlReader } from './yaml-cache.js';

class TemplatesNeeded extends Error {}

/**
 * Loads a project as loadProject() does, as fast as may be: the values of its file's YAML come from a cache in the folder for artifacts, and the template
 * engine is loaded only where a value that is needed has Jinja in it.
 */
export async function openProject(options: LoadOptions): Promise<Project> {
  const folder = artifactFolder(options);
  const yaml = createYamlReader(join(folder, 'project_yaml_cache.json'));
  let events: RunEvent[] = [];
  let errors: ChemflowError[] = [];
  const read = (createRenderer: CreateRenderer): Project => {
    events = [];
    errors = [];
    const sink = (event: RunEvent): void => {
      events.push(event);
    };
    const report = (error: ChemflowError): void => {
      errors.push(error);
    };
    return readProject({ ...options, sink, report: options.report && report }, { createRenderer, readYaml: yaml.read });
  };
  const readLazily = async (): Promise<Project> => {
    try {
      return read(() => {
        throw new TemplatesNeeded();
      });
    } catch (error) {
      if (!(error instanceof TemplatesNeeded)) throw error;
      return read((await import('./yaml-templates.js')).createYamlRenderer);
    }
  };
  let project: Project;
  try {
    project = await readLazily();
  } finally {
    for (const event of events) options.sink?.(event);
    for (const error of errors) options.report?.(error);
  }
  // A project that keeps its artifacts elsewhere gets no second folder for them.
  if (project.targetPath === folder) yaml.save();
  return project;
}

/** Where artifacts go unless the project's own file, which is not read yet, names another folder. */
function artifactFolder(options: LoadOptions): string {
  const cwd = options.cwd ?? process.cwd();
  const projectDir = resolve(cwd, options.projectDir);
  if (options.targetPath !== undefined) return resolve(cwd, options.targetPath);
  return resolve(projectDir, valueOf(options.env ?? process.env, 'DBT_TARGET_PATH') ?? 'target');
}
