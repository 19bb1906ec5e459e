import type { GlobalOptions, CommandContext } from './command.js';
import { ChemflowError } from '../error/index.js';
import { startTemplateWorker, type TemplateWorker } from '../compile/index.js';
import { buildGraph, readSelectors, selectResources, type Graph } from '../graph/index.js';
import { openProject, readManifest, wantsCache } from '../project/index.js';
import type {
  Invocation,
  InvocationFlags,
  JsonObject,
  Manifest,
  Project,
  ResourceId,
  ResourceType,
} from '../types/index.js';
import { parseVars } from './parse-vars.js';
import type { SelectionOptions } from './selection-options.js';

/** A project read and understood, before anything is connected. */
export interface Prepared {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly invocation: Invocation;
  /** A worker for the templates of commands that run nodes, on its way since before the project was read; runPipeline() ends it. */
  readonly worker?: TemplateWorker | undefined;
}

/** Commands that render nodes with runPipeline(). */
const runsNodes = new Set(['run', 'build', 'test', 'seed', 'snapshot']);

/** Loads, parses and orders the project of a command; throws all errors of the project at once. */
export async function prepare(
  options: GlobalOptions & { readonly threads?: number | undefined },
  context: CommandContext,
  which: string,
  flags: Partial<InvocationFlags> = {},
): Promise<Prepared> {
  const worker = runsNodes.has(which) ? startTemplateWorker() : undefined;
  try {
    return { ...(await read(options, context, which, flags)), worker };
  } catch (error) {
    await worker?.end();
    throw error;
  }
}

async function read(
  options: GlobalOptions & { readonly threads?: number | undefined },
  context: CommandContext,
  which: string,
  flags: Partial<InvocationFlags>,
): Promise<Prepared> {
  const errors: ChemflowError[] = [];
  const project = await loadCommandProject(options, context, (error) => errors.push(error));
  const invocation: Invocation = {
    id: context.invocationId,
    startedAt: new Date(),
    flags: {
      which,
      fullRefresh: false,
      failFast: false,
      storeFailures: false,
      empty: false,
      threads: project.target.threads,
      args: plainArguments(options),
      ...flags,
    },
  };
  const manifest = await readManifest({
    project,
    invocation,
    sink: context.terminal.sink,
    found: errors,
    useCache: wantsCache(project, options.partialParse),
  });
  return { project, manifest, graph: buildGraph(manifest), invocation };
}

/** The project that the global options name; errors of its file that leave the rest readable go to `report` where there is one. */
export async function loadCommandProject(
  options: GlobalOptions & { readonly threads?: number | undefined },
  context: CommandContext,
  report?: (error: ChemflowError) => void,
): Promise<Project> {
  if (options.threads !== undefined && !(Number.isInteger(options.threads) && options.threads > 0))
    throw new ChemflowError({ code: 'CLI.USAGE', message: '--threads must be a whole number of at least 1.' });
  return openProject({
    projectDir: options.projectDir ?? context.io.cwd,
    profilesDir: options.profilesDir,
    profile: options.profile,
    target: options.target,
    targetPath: options.targetPath,
    threads: options.threads,
    vars: parseVars(options.vars),
    env: context.io.env,
    cwd: context.io.cwd,
    sink: context.terminal.sink,
    report,
  });
}

/** The command line's options as plain data, for `invocation_args_dict` and the artifacts. */
function plainArguments(options: object): JsonObject {
  const entries = Object.entries(options).filter(
    ([name, value]) => /^[a-z][a-zA-Z]+$/.test(name) && value !== undefined && typeof value !== 'function',
  );
  return Object.fromEntries(entries) as JsonObject;
}

/** The resources that the selection options name, in build order; a criterion that matches nothing is told. */
export function select(
  prepared: Prepared,
  options: SelectionOptions,
  context: CommandContext,
  resourceTypes?: readonly ResourceType[],
): ResourceId[] {
  const selectors = readSelectors(prepared.project.root.root);
  const named = selectors.find((selector) => selector.name === options.selector);
  if (options.selector !== undefined && named === undefined)
    throw new ChemflowError({
      code: 'SELECT.UNKNOWN_SELECTOR',
      message: `There is no selector "${options.selector}" in selectors.yml.`,
      hint:
        selectors.length === 0
          ? 'selectors.yml names none'
          : `there are ${selectors.map((one) => one.name).join(', ')}`,
    });
  return selectResources({
    graph: prepared.graph,
    manifest: prepared.manifest,
    select: options.select,
    exclude: options.exclude,
    selector: named,
    selectors,
    resourceTypes,
    indirectSelection: options.indirectSelection,
    rootPackage: prepared.project.root.name,
    warn: (text) => {
      context.terminal.sink({ kind: 'message', level: 'warn', text });
    },
  });
}
