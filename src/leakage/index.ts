export { checkLeakage, type CheckOptions, type LeakageOutcome } from './check-leakage.js';
export { declaresFeatures, readDeclaration, type Declaration } from './declaration.js';
export { leakMessages } from './leak-message.js';
