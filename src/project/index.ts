export { loadProject, type LoadOptions } from './load-project.js';
export { openConnections } from './open-connections.js';
export { parseProject } from './parse-project.js';
export { installProjectPackages } from './install-project-packages.js';
