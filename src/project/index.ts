export { loadProject } from './load-project.js';
export { openProject } from './open-project.js';
export { readManifest, wantsCache } from './read-manifest.js';
export type { LoadOptions } from './read-project.js';
export { openConnections } from './open-connections.js';
export { parseProject } from './parse-project.js';
export { installProjectPackages } from './install-project-packages.js';
