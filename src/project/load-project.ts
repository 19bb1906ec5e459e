import { createYamlRenderer } from '../context/index.js';
import type { Project } from '../types/index.js';
import { readProject, type LoadOptions } from './read-project.js';
import { readYaml } from './yaml-file.js';

/**
 * Loads a project: its file, its packages' files, its target and its connections. Reads files and the environment, connects to nothing and starts nothing.
 * Throws `CONFIG.*`, what is missing of the environment named together.
 */
export function loadProject(options: LoadOptions): Project {
  return readProject(options, { createRenderer: createYamlRenderer, readYaml });
}
