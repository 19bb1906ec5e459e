export { exportDatasets, type ExportedDataset, type ExportOptions } from './export-datasets.js';
export { exportFormats } from './exporters.js';
export { isExportable, mayLeave } from './datasets.js';
export { verifyExport, type Drift, type VerifyOptions } from './verify-export.js';
export type { ExportRequest } from './types.js';
export { searchExports, type SearchedFile } from './search-exports.js';
