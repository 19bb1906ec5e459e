export { openState } from './open-state.js';
export { migrate, migrationNames } from './migrations.js';
