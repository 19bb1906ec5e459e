export { createManifestDrafts, writeManifest, type ManifestDrafts, type ManifestInput } from './manifest.js';
export { writeRunResults, type RunResultsInput } from './run-results.js';
export { writeSources, type FreshnessResult } from './source-results.js';
export { codePath, writeCompiled, writeRun } from './code-files.js';
export { artifactMetadata, chemflowVersion, dbtVersion } from './metadata.js';
export { writeAtomically } from './write-atomically.js';
