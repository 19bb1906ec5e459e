export type { Io, OutputStream } from './io.js';
export { createTerminal, type Terminal, type TerminalOptions } from './terminal.js';
export { formatRowDifference } from './row-difference.js';
export { formatTable } from './table.js';
export { formatBytes, formatCount, formatDuration } from './numbers.js';
