export { createUnitTestRunner, type UnitTestOutcome, type UnitTestRunner } from './run-unit-test.js';
