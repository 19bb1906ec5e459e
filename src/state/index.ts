export { openState } from './open-state.js';
export { runLockSession } from './run-lock.js';
export { migrate, migrationNames } from './migrations.js';
export { readSourceSyncs, type SourceSync } from './source-syncs.js';
