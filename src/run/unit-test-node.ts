import type { RunResult, Session, UnitTest } from '../types/index.js';
import type { RunContext } from './execute-options.js';
import { failedResult } from './failed-result.js';
import { resultOf, type ResultBeginning } from './result-of.js';
import { stoppedError } from './run-node.js';

/** Compiles and runs a unit test: other rows than expected are a failure, a query that cannot be run is an error. */
export async function attemptUnitTest(
  run: RunContext,
  test: UnitTest,
  thread: number,
  startedAt: Date,
  sessionOf: (thread: number) => Promise<Session>,
): Promise<RunResult> {
  const node = { unique_id: test.unique_id, relation_name: null };
  let beginning: ResultBeginning = { node, startedAt, compiledAt: null, compiledCode: null, thread };
  try {
    const session = await sessionOf(thread);
    const sql = await run.unitTests.compile(test, session);
    beginning = { ...beginning, compiledAt: new Date(), compiledCode: sql };
    run.onCompiled?.(test, sql);
    if (run.stopped()) throw stoppedError();
    return resultOf(beginning, await run.unitTests.run(test, sql, session));
  } catch (error) {
    return failedResult(run, beginning, error);
  }
}
