import { ChemflowError } from '../error/index.js';
import {
  customMaterialization,
  materializationName,
  materializations,
  relationOf,
  runJinjaMaterialization,
  type BuildContext,
  type BuildOutcome,
  type StatementOutcome,
} from '../materializations/index.js';
import type { CompiledResource, ExecutableNode, RunResult, Session } from '../types/index.js';
import type { RunContext } from './execute-options.js';
import { finishingOf, hooksOf, keepsState, runHooks } from './finishing.js';
import { createPublisher } from './publish/publisher.js';
import { builtResult, type ResultBeginning } from './result-of.js';

/** The error of a node that is given up because the run was stopped. */
export function stoppedError(cause?: unknown): ChemflowError {
  return new ChemflowError({ code: 'RUN.INTERRUPTED', message: 'The run was interrupted.', cause, exitCode: 1 });
}

/** The statements that a node sends, in order, kept for target/run. */
export interface Script {
  readonly run: BuildContext['run'];
  readonly note: BuildContext['note'];
  text(): string;
}

/** A script on a session; nothing more is sent once the run was stopped. */
export function createScript(session: Session, stopped: () => boolean): Script {
  const sent: string[] = [];
  return {
    run: async (sql, before): Promise<StatementOutcome> => {
      if (stopped()) throw stoppedError();
      sent.push(sql);
      const result = await session.query(before === undefined ? sql : `${before};\n${sql}`);
      return { command: result.command, rowCount: result.rowCount };
    },
    note: (sql) => {
      sent.push(sql);
    },
    text: () =>
      sent.map((sql) => (sql.endsWith('\\.') ? `${sql}\n` : `${sql.trimEnd().replace(/;$/, '')};\n`)).join('\n'),
  };
}

/** The materialization that builds a node: the project's own in Jinja, or chemflow's. */
function materializationOf(run: RunContext, node: ExecutableNode): (context: BuildContext) => Promise<BuildOutcome> {
  const name = materializationName(node);
  const custom = customMaterialization(run.manifest, run.project, node);
  if (custom !== undefined) return (context) => runJinjaMaterialization(context, custom);
  const own = materializations[name];
  if (own !== undefined) return own;
  throw new ChemflowError({
    code: 'RUN.UNKNOWN_MATERIALIZATION',
    message: `No materialization '${name}' was found for adapter postgres.`,
    hint: `there are ${Object.keys(materializations).join(', ')} and ephemeral`,
    exitCode: 1,
    place: {
      file: node.original_file_path,
      line: node.line,
      column: 1,
      text: run.manifest.files[node.original_file_path],
    },
  });
}

/** Is a node built from nothing? A snapshot, and a model that says it never is, only where history is to go. */
function isFullRefresh(run: RunContext, node: ExecutableNode): boolean {
  if (run.invocation.flags.discardHistory === true) return true;
  if (node.resource_type === 'snapshot') return false;
  return node.config.full_refresh ?? run.invocation.flags.fullRefresh;
}

/** Builds and publishes one model, seed or snapshot with its hooks. Throws where it fails; then the session is outside any transaction again. */
export async function buildNode(
  run: RunContext,
  node: ExecutableNode,
  compiled: CompiledResource | undefined,
  session: Session,
  script: Script,
  beginning: ResultBeginning,
): Promise<RunResult> {
  const relation = relationOf(node);
  const hooks = hooksOf(node);
  let isInTransaction = false;
  let built: BuildOutcome | undefined;
  let recorded: RunResult | undefined;
  const warn = (code: string, text: string): void => {
    run.sink({ kind: 'message', level: 'warn', code, text: `${node.name}: ${text}` });
  };
  const context: Omit<BuildContext, 'publisher'> = {
    node,
    project: run.project,
    relation,
    existing: run.cache.get(relation),
    sql: compiled?.sql ?? '',
    session,
    capabilities: run.capabilities,
    renderer: run.renderer,
    texts: run.texts(node),
    cache: run.cache,
    fullRefresh: isFullRefresh(run, node),
    run: script.run,
    note: script.note,
    isEmpty: run.invocation.flags.empty,
    warn,
    beforeHook: async (sql, when) =>
      run.beforeStatements?.({ node, what: `${when} of ${node.schema}.${node.alias}`, sql }),
    outcome: (outcome) => {
      built = outcome;
    },
  };
  const stateRow = keepsState(node)
    ? (): string | undefined => {
        recorded = builtResult(beginning, built ?? { message: 'OK', rowsAffected: null, code: 'OK', type: 'table' });
        return run.state.resultsStatement(run.invocation.id, [recorded]);
      }
    : undefined;
  const publisher = createPublisher({
    publishing: run.publishing,
    session,
    nodeName: node.name,
    run: script.run,
    note: script.note,
    warn,
    isInTransaction: () => isInTransaction,
    finish: finishingOf({ ...context, publisher: undefined as never }, stateRow),
  });
  const whole: BuildContext = { ...context, publisher };
  run.renderer.useSession(node.unique_id, session);
  try {
    const materialization = materializationOf(run, node);
    // While the server builds.
    setImmediate(() => {
      for (const { sql } of hooks.ending) run.renderer.renderTextAhead(node.unique_id, sql);
    });
    await runHooks(whole, hooks.before, 'pre-hook');
    if (hooks.begun.length > 0) {
      await script.run('begin');
      isInTransaction = true;
      await runHooks(whole, hooks.begun, 'pre-hook');
    }
    const outcome = await materialization(whole);
    if (isInTransaction) {
      await script.run('commit');
      isInTransaction = false;
    }
    run.cache.add({ ...relation, type: outcome.type, oid: 0, owner: '' });
    await runHooks(whole, hooks.after, 'post-hook');
    const result = builtResult(beginning, outcome);
    if (recorded !== undefined) run.recorded.add(result);
    return result;
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    run.renderer.useSession(node.unique_id, undefined);
  }
}
