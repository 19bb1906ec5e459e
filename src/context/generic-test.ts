import { ChemflowError, didYouMean } from '../error/index.js';
import { compileTemplate, fromJson, PyDict, type PyValue, type StaticNames, type Template } from '../jinja/index.js';
import type { Json, JsonObject, Macro, RefCall } from '../types/index.js';
import type { MacroLibrary } from './macro-library.js';
import type { FrameScope } from './scope.js';

/** What a generic test says of itself. */
export interface GenericTest {
  readonly unique_id: string;
  readonly name: string;
  readonly package_name: string;
  readonly test_metadata?:
    { readonly name: string; readonly namespace: string | null; readonly kwargs: JsonObject } | undefined;
  readonly column_name?: string | null | undefined;
  readonly testedRelation?: { readonly ref: RefCall } | { readonly source: readonly [string, string] } | undefined;
}

/** Where a test was written, for errors in its arguments. */
export interface TestPlace {
  readonly file: string;
  readonly line: number;
  readonly fileText?: string | undefined;
}

/** A generic test ready to be called. */
export interface GenericTestCall {
  readonly macro: Macro;
  /** Unique ids of the macros that its arguments call. */
  readonly macroIds: readonly string[];
  /** Renders the arguments and calls the macro; gives the test's SQL. */
  run(): PyValue;
}

function modelArgument(test: GenericTest): string | undefined {
  const tested = test.testedRelation;
  if (tested === undefined) return undefined;
  const quote = (text: string | number): string => (typeof text === 'number' ? String(text) : JSON.stringify(text));
  if ('source' in tested) return `{{ get_where_subquery(source(${tested.source.map(quote).join(', ')})) }}`;
  const { ref } = tested;
  const args = [...(ref.package === null ? [] : [quote(ref.package)]), quote(ref.name)];
  if (ref.version !== null) args.push(`version=${quote(ref.version)}`);
  return `{{ get_where_subquery(ref(${args.join(', ')})) }}`;
}

/** Finds the macro of a generic test; TEMPLATE.UNKNOWN_TEST names the nearest. */
function testMacro(library: MacroLibrary, test: GenericTest): Macro {
  const { name, namespace } = test.test_metadata ?? { name: test.name, namespace: null };
  const macro = library.find(`test_${name}`, namespace, test.package_name);
  if (macro !== undefined) return macro;
  const names =
    namespace === null ? library.names(test.package_name) : [...(library.ofPackage(namespace)?.keys() ?? [])];
  const tests = names.filter((candidate) => candidate.startsWith('test_')).map((candidate) => candidate.slice(5));
  throw new ChemflowError({
    code: 'TEMPLATE.UNKNOWN_TEST',
    message: `There is no generic test "${namespace === null ? '' : `${namespace}.`}${name}".`,
    hint: didYouMean(name, tests) ?? `write it as a macro: {% test ${name}(model, column_name) %} ... {% endtest %}`,
  });
}

/** Prepares the call of a generic test: its arguments are rendered in the test's scope, texts with Jinja to values of their own type. */
export function genericTestCall(
  library: MacroLibrary,
  test: GenericTest,
  scope: FrameScope,
  place: TestPlace,
): GenericTestCall {
  const macro = testMacro(library, test);
  const kwargs: Record<string, Json> = { ...test.test_metadata?.kwargs };
  const model = modelArgument(test);
  if (kwargs['model'] === undefined && model !== undefined) kwargs['model'] = model;
  if (kwargs['column_name'] === undefined && typeof test.column_name === 'string')
    kwargs['column_name'] = test.column_name;
  const known: StaticNames[] = [];
  const render = (value: Json, key: string): PyValue => {
    if (typeof value === 'string') {
      if (!isTemplate(value)) return value;
      const template = argumentTemplate(library, value, key, place);
      known.push(template);
      // The name of a column stays text: "2024" is a name, not a number.
      return key === 'column_name' ? template.render(scope) : template.renderNative(scope);
    }
    if (Array.isArray(value)) return value.map((item: Json) => render(item, key));
    if (value !== null && typeof value === 'object')
      return new PyDict(
        Object.entries(value as JsonObject).map(([name, item]) => [name, render(item, `${key}.${name}`)]),
      );
    return fromJson(value);
  };
  const macroIds: string[] = [];
  return {
    macro,
    macroIds,
    run: () => {
      const keywords = new Map(Object.entries(kwargs).map(([key, value]) => [key, render(value, key)] as const));
      for (const names of known) macroIds.push(...library.dependencies(names, test.package_name));
      return scope.bind(macro)([], keywords);
    },
  };
}

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** The compiled `model` arguments of each library: the tests of one resource share theirs. */
const modelTemplates = new WeakMap<MacroLibrary, Map<string, Template>>();

function argumentTemplate(library: MacroLibrary, text: string, key: string, place: TestPlace): Template {
  const compile = (): Template =>
    compileTemplate({ text, file: place.file, line: place.line, fileText: place.fileText });
  if (key !== 'model') return compile();
  let templates = modelTemplates.get(library);
  if (templates === undefined) modelTemplates.set(library, (templates = new Map()));
  let template = templates.get(text);
  if (template === undefined) templates.set(text, (template = compile()));
  return template;
}
