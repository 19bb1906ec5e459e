export { runDataTest, type DataTestInput, type DataTestOutcome } from './run-data-test.js';
export { storesFailuresAs } from './store-failures.js';
export { checkFreshness, type FreshnessOutcome } from './freshness.js';
