import { formatError } from '../error/index.js';
import { formatCount, formatDuration, formatRowDifference } from '../progress/index.js';
import type { ExtractResult, RunResult, RunStatus } from '../types/index.js';
import type { CommandContext, ExitCode } from './command.js';
import type { Prepared } from './prepare.js';

const failures: ReadonlySet<RunStatus> = new Set(['error', 'fail', 'runtime error']);

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** Prints what failed, each with its error, and the counts; resolves the exit code: 1 where anything failed. */
export function summarize(
  prepared: Prepared,
  copies: readonly ExtractResult[],
  results: readonly RunResult[],
  context: CommandContext,
): ExitCode {
  const { terminal } = context;
  const { colors } = terminal;
  // A source that cannot be reached fails all of its tables with one error, which is told once.
  const troubles = copies
    .filter((one) => one.status === 'error')
    .map((copy) => copy.error ?? new Error(copy.message ?? copy.id));
  for (const trouble of new Set(troubles)) {
    terminal.err('');
    terminal.error(trouble);
  }
  for (const result of results.filter((one) => failures.has(one.status) || one.status === 'warn')) {
    const node = prepared.manifest.nodes[result.id] ?? prepared.manifest.unitTests[result.id];
    terminal.err('');
    const word = result.status === 'warn' ? colors.yellow('Warning') : colors.red('Failure');
    terminal.err(
      `${word} in ${node?.resource_type.replace('_', ' ') ?? 'node'} ${node?.name ?? result.id} (${node?.original_file_path ?? ''})`,
    );
    if (result.error !== undefined) terminal.err(formatError(result.error));
    else if (result.difference !== undefined) terminal.err(indented(formatRowDifference(result.difference, colors)));
    else if (result.message !== null) terminal.err(`  ${result.message}`);
  }
  const interrupted = context.io.signal.aborted;
  const elapsed = formatDuration(Date.now() - prepared.invocation.startedAt.getTime());
  const parts: string[] = [];
  if (copies.length > 0) {
    const rows = copies.reduce((sum, copy) => sum + copy.rows, 0);
    parts.push(
      `${formatCount(copies.filter((copy) => copy.status === 'success').length)} of ${copies.length} source tables copied (${formatCount(rows)} rows)`,
    );
  }
  const counts = new Map<RunStatus, number>();
  for (const result of results) counts.set(result.status, (counts.get(result.status) ?? 0) + 1);
  for (const [status, count] of counts) parts.push(`${formatCount(count)} ${status}`);
  terminal.err('');
  terminal.err(
    `${interrupted ? 'Interrupted' : 'Done'} in ${elapsed}: ${parts.length === 0 ? 'there was nothing to do' : parts.join(', ')}.`,
  );
  if (interrupted) return 130;
  const failed =
    copies.some((copy) => copy.status !== 'success') || results.some((result) => failures.has(result.status));
  return failed ? 1 : 0;
}
