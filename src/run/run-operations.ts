import type { MacroValue, Operation, RunResult, Session } from '../types/index.js';
import type { RunContext } from './execute-options.js';
import { createScript, stoppedError } from './run-node.js';
import { resultOf } from './result-of.js';

/** Runs the project's and its packages' on-run-start or on-run-end hooks in order; the first that fails ends them. An on-run-end hook sees `results`. */
export async function runOperations(
  run: RunContext,
  session: Session,
  when: 'on-run-start' | 'on-run-end',
  results: readonly RunResult[],
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
      run.renderer.useSession(node.unique_id, session);
      compiledCode = await run.renderer.renderText(node.unique_id, node.raw_code, variablesOf(run, when, results));
      if (compiledCode.trim() !== '') {
        await run.beforeStatements?.({ node, what: `${when} of ${node.package_name}`, sql: compiledCode });
        await script.run(compiledCode);
      }
      ended.push(end('success', 'OK'));
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      ended.push(end('error', error instanceof Error ? error.message : String(error), error));
      break;
    } finally {
      run.renderer.useSession(node.unique_id, undefined);
    }
  }
  return ended;
}

/** What an on-run-end hook sees beside the usual names: `results`, `schemas` and `database_schemas`. */
function variablesOf(
  run: RunContext,
  when: 'on-run-start' | 'on-run-end',
  results: readonly RunResult[],
): Readonly<Record<string, MacroValue>> {
  if (when === 'on-run-start') return {};
  const nodes = results.map((result) => run.manifest.nodes[result.id]).filter((node) => node !== undefined);
  const pairs = new Map(
    nodes
      .filter((node) => node.resource_type !== 'test')
      .map((node) => [`${node.database}.${node.schema}`, [node.database, node.schema] as const]),
  );
  return {
    results: results.map((result) => ({
      status: result.status,
      message: result.message,
      failures: result.failures,
      unique_id: result.id,
      thread_id: result.threadId,
      execution_time: (result.endedAt.getTime() - result.startedAt.getTime()) / 1000,
      adapter_response: result.adapterResponse,
      node: plainNode(run.manifest.nodes[result.id]),
    })),
    schemas: [...new Set([...pairs.values()].map(([, schema]) => schema))],
    database_schemas: [...pairs.values()],
  };
}

/** A node as JSON, for templates. */
function plainNode(node: object | undefined): MacroValue {
  return JSON.parse(JSON.stringify(node ?? null)) as MacroValue;
}
