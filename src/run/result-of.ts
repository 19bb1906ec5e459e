import type { BuildOutcome } from '../materializations/index.js';
import type { JsonObject, ResourceId, RowDifference, RunResult, RunStatus } from '../types/index.js';

/** What is known of a node's run before it ends. */
export interface ResultBeginning {
  readonly node: { readonly unique_id: ResourceId; readonly relation_name: string | null };
  readonly startedAt: Date;
  readonly compiledAt: Date | null;
  readonly compiledCode: string | null;
  readonly thread: number;
}

/** A result with dbt's fields. */
export function resultOf(
  beginning: ResultBeginning,
  end: {
    readonly status: RunStatus;
    readonly message: string | null;
    readonly rowsAffected?: number | null;
    readonly failures?: number | null;
    readonly adapterResponse?: JsonObject;
    readonly error?: unknown;
    readonly difference?: RowDifference | undefined;
    readonly publication?: RunResult['publication'];
  },
): RunResult {
  const { node } = beginning;
  return {
    id: node.unique_id,
    status: end.status,
    message: end.message,
    rowsAffected: end.rowsAffected ?? null,
    failures: end.failures ?? null,
    startedAt: beginning.startedAt,
    compiledAt: beginning.compiledAt,
    endedAt: new Date(),
    threadId: `Thread-${beginning.thread}`,
    adapterResponse: end.adapterResponse ?? {},
    relationName: node.relation_name,
    compiledCode: beginning.compiledCode,
    ...(end.error === undefined ? {} : { error: end.error }),
    difference: end.difference,
    publication: end.publication,
  };
}

/** The result of a node that was built. */
export function builtResult(beginning: ResultBeginning, outcome: BuildOutcome): RunResult {
  const { message, rowsAffected, code, publication } = outcome;
  return resultOf(beginning, {
    status: 'success',
    message,
    rowsAffected,
    adapterResponse: { _message: message, code, ...(rowsAffected === null ? {} : { rows_affected: rowsAffected }) },
    publication,
  });
}
