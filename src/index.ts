export { main } from './cli.js';
export type { ExitCode } from './commands/command.js';
export type { Io } from './progress/index.js';
export { ChemflowError, ChemflowErrors, formatError } from './error/index.js';
export { loadProject, parseProject, openConnections } from './project/index.js';
export { buildGraph, selectResources } from './graph/index.js';
export { createAdapter } from './adapter/index.js';
export type * from './types/index.js';
