export { extractSources, type ExtractOptions } from './extract-sources.js';
export type { ExtractMode } from './strategies/choose-strategy.js';
export { timezoneOf } from './timezone.js';
