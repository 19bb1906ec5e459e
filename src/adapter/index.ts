export { createAdapter, type AdapterOptions } from './create-adapter.js';
export { createRelationCache, readColumns } from './relation-cache.js';
export { capabilitiesOf } from './capabilities.js';
export { describeConnection } from './connect-error.js';
export { ensureDatabase } from './ensure-database.js';
export { sqlErrorDetails, type SqlErrorDetails } from './sql-error.js';
export * from './catalog/index.js';
