import { runDataTest, storesFailuresAs } from '../data-tests/index.js';
import { relationOf } from '../materializations/index.js';
import type { DataTest, ExecutableNode, RunResult, Session } from '../types/index.js';
import type { RunContext } from './execute-options.js';
import { resultOf, type ResultBeginning } from './result-of.js';
import type { Script } from './run-node.js';

/** Runs a data test; a failing one is a result, a query that cannot be run is an error. */
export async function testNode(
  run: RunContext,
  node: ExecutableNode,
  sql: string,
  session: Session,
  script: Script,
  beginning: ResultBeginning,
): Promise<RunResult> {
  const test = node as DataTest;
  const wanted = storesFailuresAs(test, run.invocation.flags.storeFailures);
  const reason = wanted === undefined ? undefined : await run.whyNotStored?.(test, sql);
  if (reason !== undefined)
    run.sink({
      kind: 'message',
      level: 'warn',
      code: 'PRIVACY.STORE_FAILURES',
      text: `The failing rows of ${test.name} are not kept: ${reason}.`,
    });
  const as = reason === undefined ? wanted : undefined;
  const relation = relationOf(node);
  const outcome = await runDataTest({
    test,
    sql,
    session,
    renderer: run.renderer,
    store: as === undefined ? undefined : { relation, as },
    run: script.run,
  });
  if (as !== undefined) run.cache.add({ ...relation, type: as, oid: 0, owner: '' });
  const { status, message, failures } = outcome;
  return resultOf(beginning, { status, message, failures });
}
