export { openState } from './open-state.js';
export { migrate, migrationNames } from './migrations.js';
export { readSourceSyncs, type SourceSync } from './source-syncs.js';
