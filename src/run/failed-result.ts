import { ChemflowError } from '../error/index.js';
import type { RunResult } from '../types/index.js';
import type { RunContext } from './execute-options.js';
import { resultOf, type ResultBeginning } from './result-of.js';

/** The result of what threw: an error, or skipped where --fail-fast has cancelled it. */
export function failedResult(run: RunContext, beginning: ResultBeginning, error: unknown): RunResult {
  const isStopped =
    run.stopped() &&
    !run.signal.aborted &&
    error instanceof ChemflowError &&
    (error.code === 'RUN.INTERRUPTED' || error.code === 'SQL.57014');
  const message = error instanceof Error ? error.message : String(error);
  return resultOf(beginning, {
    status: isStopped ? 'skipped' : 'error',
    message: isStopped ? 'Cancelled because of --fail-fast' : message,
    error,
  });
}
