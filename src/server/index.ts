export { findBinaries, binariesOfPackage, type Binaries } from './binaries.js';
