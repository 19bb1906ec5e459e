import type { Operation, RunResult, Session } from '../types/index.js';
import type { RunContext } from './execute-options.js';
import { createScript, stoppedError } from './run-node.js';
import { resultOf } from './result-of.js';

/** Runs the project's and its packages' on-run-start or on-run-end hooks in order; the first that fails ends them. An on-run-end hook sees `results`. */
export async function runOperations(
  run: RunContext,
  session: Session,
  when: 'on-run-start' | 'on-run-end',
  _results: readonly RunResult[],
): Promise<RunResult[]> {
  const operations = Object.values(run.manifest.nodes)
    .filter((node): node is Operation => node.resource_type === 'operation' && node.tags.includes(when))
    .sort((left, right) => left.index - right.index);
  const ended: RunResult[] = [];
  for (const node of operations) {
    const startedAt = new Date();
    const script = createScript(session, run.stopped);
    let compiledCode: string | null = null;
    const end = (status: 'success' | 'error', message: string, error?: unknown): RunResult =>
      resultOf({ node, startedAt, compiledAt: startedAt, compiledCode, thread: 1 }, { status, message, error });
    try {
      if (run.stopped()) throw stoppedError();
      compiledCode = (await run.renderer.compile(node.unique_id)).sql;
      if (compiledCode.trim() !== '') await script.run(compiledCode);
      ended.push(end('success', 'OK'));
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      ended.push(end('error', error instanceof Error ? error.message : String(error), error));
      break;
    }
  }
  return ended;
}
