import { ChemflowError, didYouMean } from '../error/index.js';
import { compileTemplate, toText, type Keywords, type PyValue } from '../jinja/index.js';
import type { Invocation, LogLevel, Macro, Project, ResourceId } from '../types/index.js';
import { withBuiltinMacros } from './builtin-macros.js';
import type { FrameOverrides, TemplateHost } from './frame.js';
import { genericTestCall, type GenericTest } from './generic-test.js';
import { createMacroLibrary } from './macro-library.js';
import { createManifestIndex, type TemplateManifest } from './manifest-index.js';
import { createRunFrame, type RunFrame, type RunNode, type SyncDatabase } from './run-frame.js';
import { runMembers } from './run-members.js';
import { padded, shownFile } from './shown-file.js';
import { withNameHints } from './template-error.js';

/** A node's SQL as its template gives it, and the ephemeral models that it reads. */
export interface RenderedResource {
  readonly sql: string;
  readonly ephemerals: readonly ResourceId[];
}

/** What one rendering is asked with. */
export interface RunRequest {
  /** A node or source of the manifest; of any other id, templates see no node. */
  readonly id: ResourceId;
  readonly database: SyncDatabase;
  /** The node's compiled SQL, for `sql` and `compiled_code`. */
  readonly compiledSql?: string | null | undefined;
  /** Further names in the scope. */
  readonly variables?: ReadonlyMap<string, PyValue> | undefined;
  /** Names, variables, environment and relations that are replaced, as in unit tests. */
  readonly overrides?: FrameOverrides | undefined;
}

/** Renders what is run: with `execute` true, over one manifest. */
export interface RunEngine {
  /** The node's own SQL, without its ephemeral parents. */
  renderResource(request: RunRequest): RenderedResource;
  /** A text (a hook, an inline query) in the node's context. */
  renderText(request: RunRequest, text: string): RenderedResource;
  /** Calls a macro by name (`name` or `package.name`) as a template of the node would. */
  callMacro(request: RunRequest, name: string, args: readonly PyValue[], keywords: Keywords): PyValue;
  /** Calls a macro by unique id. */
  callMacroById(request: RunRequest, macroId: string): PyValue;
  /** The node of an id; undefined for an unknown one. */
  node(id: ResourceId): RunNode | undefined;
}

/** What a run engine is made of. */
export interface RunEngineOptions {
  readonly project: Project;
  readonly manifest: TemplateManifest;
  readonly invocation: Invocation;
  readonly selected: readonly ResourceId[];
  /** The environment that templates may read: without secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (level: LogLevel, text: string, code?: string) => void;
}

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Makes the engine of the run phase. */
export function createRunEngine(options: RunEngineOptions): RunEngine {
  const { project, invocation, manifest, env, say } = options;
  const library = createMacroLibrary(project, withBuiltinMacros(manifest.macros));
  const index = createManifestIndex(manifest, project.root.name);
  const host: TemplateHost = { project, invocation, library, env, say };

  const node = (id: ResourceId): RunNode | undefined => manifest.nodes[id] ?? manifest.sources[id];

  const frameOf = (request: RunRequest, checksDependencies: boolean): RunFrame =>
    createRunFrame({
      host,
      members: runMembers,
      node: node(request.id) ?? null,
      index,
      database: request.database,
      results: new Map(),
      checksDependencies,
      compiledSql: request.compiledSql ?? null,
      selected: options.selected,
      variables: request.variables,
      overrides: request.overrides,
      render: (frame, text) => renderIn(frame, text, 'inline', 1),
    });

  const renderIn = (frame: RunFrame, text: string, file: string, line: number): string => {
    if (!isTemplate(text)) return text;
    return compileTemplate({ text, file, line, fileText: padded(text, line) }).render(frame.scope);
  };

  const fileOf = (one: RunNode): string => shownFile(project, one.package_name, one.original_file_path);

  const renderResource = (request: RunRequest): RenderedResource => {
    const one = node(request.id);
    if (one === undefined || !('raw_code' in one)) throw unknownNode(request.id);
    const frame = frameOf(request, true);
    const sql = withNameHints(frame.scope, () => {
      if (one.resource_type === 'test' && one.test_metadata !== undefined) {
        const test: GenericTest = { ...one, testedRelation: testedRelation(one, manifest) };
        return toText(genericTestCall(library, test, frame.scope, { file: fileOf(one), line: one.line }).run());
      }
      return renderIn(frame, one.raw_code, fileOf(one), one.line);
    });
    return { sql, ephemerals: [...frame.ephemerals] };
  };

  const renderText = (request: RunRequest, text: string): RenderedResource => {
    const frame = frameOf(request, false);
    const one = node(request.id);
    const file = one === undefined ? 'inline' : fileOf(one);
    const sql = withNameHints(frame.scope, () => renderIn(frame, text, file, 1));
    return { sql, ephemerals: [...frame.ephemerals] };
  };

  const call = (
    request: RunRequest,
    find: (frame: RunFrame) => Macro,
    args: readonly PyValue[],
    keywords: Keywords,
  ): PyValue => {
    const frame = frameOf(request, false);
    const macro = find(frame);
    return withNameHints(frame.scope, () => frame.scope.bind(macro)(args, keywords));
  };

  return {
    node,
    renderResource,
    renderText,
    callMacro: (request, name, args, keywords) =>
      call(request, (frame) => findMacro(host, name, frame.packageName), args, keywords),
    callMacroById: (request, macroId) =>
      call(
        request,
        () => {
          const macro = library.byId(macroId);
          if (macro === undefined) throw unknownMacro(macroId, []);
          return macro;
        },
        [],
        new Map(),
      ),
  };
}

function findMacro(host: TemplateHost, name: string, fromPackage: string): Macro {
  const { library } = host;
  const dot = name.indexOf('.');
  if (dot !== -1) {
    const packageName = name.slice(0, dot);
    const macro = library.find(name.slice(dot + 1), packageName, fromPackage);
    if (macro === undefined) throw unknownMacro(name, [...(library.ofPackage(packageName)?.keys() ?? [])]);
    return macro;
  }
  const macro = library.find(name, null, fromPackage);
  if (macro !== undefined) return macro;
  const found = library.dispatch(name, 'dbt', fromPackage);
  if ('unique_id' in found) return found;
  throw unknownMacro(name, library.names(fromPackage));
}

/** What a generic test hangs on, as the argument of ref() or source(). */
function testedRelation(
  test: { readonly attached_node?: ResourceId | null | undefined },
  manifest: TemplateManifest,
): GenericTest['testedRelation'] {
  const id = test.attached_node ?? '';
  const source = manifest.sources[id];
  if (source !== undefined) return { source: [source.source_name, source.name] };
  const parent = manifest.nodes[id];
  if (parent === undefined) return undefined;
  const version = 'version' in parent ? (parent.version ?? null) : null;
  return { ref: { name: parent.name, package: parent.package_name, version } };
}

function unknownNode(id: ResourceId): ChemflowError {
  return new ChemflowError({ code: 'COMPILE.UNKNOWN_NODE', message: `There is no node "${id}" with SQL to compile.` });
}

function unknownMacro(name: string, known: readonly string[]): ChemflowError {
  return new ChemflowError({
    code: 'TEMPLATE.UNKNOWN_MACRO',
    message: `There is no macro "${name}".`,
    hint: didYouMean(name.split('.').at(-1) ?? name, known),
  });
}
