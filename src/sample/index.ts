export { advanceSample } from './advance-sample.js';
export { createSample, type SampleOptions } from './create-sample.js';
export { bySource, sampleDatabases, type BySource } from './databases.js';
export { replaceDatabase } from './replace-database.js';
export { canaryTexts } from './texts.js';
export { defaultSeed, defaultUntil, defaultUsers } from './world.js';
