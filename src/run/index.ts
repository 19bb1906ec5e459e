export { controlSession, executeNodes, threadSession } from './execute-nodes.js';
export type { ExecuteOptions } from './execute-options.js';
