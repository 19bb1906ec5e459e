import { ChemflowError, didYouMean } from '../error/index.js';
import type { ExecutableNode, Json, Model, RefCall, ResourceId, SourceTable, UnitTest } from '../types/index.js';
import { escapePattern } from '../util/pattern.js';
import type { ParseContext } from './parse-context.js';
import { referenceCall } from './parse-exposures.js';

/** What references resolve to in one project. */
export interface ReferenceIndex {
  ref(call: RefCall, fromPackage: string): ExecutableNode | undefined;
  source(pair: readonly [string, string], fromPackage: string): SourceTable | undefined;
  isDisabled(name: string): boolean;
  /** Names that ref() knows. */
  readonly names: readonly string[];
}

/**
 * Gives every unit test its model and the ids of its inputs; one of a disabled model is disabled with it, and one of a model with versions becomes a test
 * of each of them that `versions:` lets through. What names nothing is reported with its place.
 */
export function resolveUnitTests(context: ParseContext, index: ReferenceIndex): void {
  for (const [id, test] of [...context.unitTests]) {
    const models = testedModels(context, index, test);
    const [first] = models;
    if (first !== undefined && (first.version ?? null) === null) {
      context.unitTests.set(id, withModel(context, index, test, first));
      continue;
    }
    context.unitTests.delete(id);
    const origin = context.origins.get(id);
    if (models.length === 0 && index.isDisabled(test.model)) context.disabled.push(test);
    for (const model of models) {
      const versioned = { ...test, unique_id: `${id}_v${model.version ?? ''}`, version: model.version ?? null };
      context.unitTests.set(versioned.unique_id, withModel(context, index, versioned, model));
      if (origin !== undefined) context.origins.set(versioned.unique_id, origin);
    }
  }
}

function fail(context: ParseContext, test: UnitTest, message: string, hint: string | undefined, pattern = /^$/): void {
  const place = context.origins.get(test.unique_id)?.find(pattern);
  context.report(new ChemflowError({ code: 'PARSE.UNIT_TEST', message, hint, place }));
}

/** The model that a test is about: `name` or `name vN`; of a model with versions all that the test wants. */
function testedModels(context: ParseContext, index: ReferenceIndex, test: UnitTest): readonly Model[] {
  const [name = '', word] = test.model.split(/\s+/);
  const version = word?.replace(/^v/, '') ?? null;
  const found = index.ref({ name, package: null, version }, test.package_name);
  if (found === undefined || found.resource_type !== 'model') {
    if (index.isDisabled(name)) return [];
    const what = found === undefined ? 'which does not exist' : `which is a ${found.resource_type}`;
    fail(
      context,
      test,
      `The unit test "${test.name}" is about the model "${test.model}", ${what}.`,
      found === undefined ? didYouMean(name, index.names) : 'only models can be unit-tested',
    );
    return [];
  }
  const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  const include = texts(test.versions?.['include']);
  const exclude = texts(test.versions?.['exclude']);
  if ((found.version ?? null) === null) {
    if (include.length + exclude.length > 0)
      fail(context, test, `The unit test "${test.name}" names versions, but ${name} has none.`, 'take versions: away');
    return [found];
  }
  if (version !== null) return [found];
  const wanted = [...context.nodes.values()]
    .filter((node): node is Model => node.resource_type === 'model' && node.name === found.name)
    .filter((node) => node.package_name === found.package_name)
    .filter(({ version: own }) =>
      include.length > 0 ? include.includes(String(own)) : !exclude.includes(String(own)),
    );
  if (wanted.length === 0)
    fail(context, test, `The unit test "${test.name}" wants versions of ${name} that do not exist.`, undefined);
  return wanted;
}

function withModel(context: ParseContext, index: ReferenceIndex, test: UnitTest, model: Model): UnitTest {
  const inputs = test.given.map(({ input }) => inputId(context, index, test, model, input));
  const twice = inputs.findIndex((id, at) => id !== undefined && inputs.indexOf(id) !== at);
  const again = test.given[twice];
  if (again !== undefined)
    fail(
      context,
      test,
      `The unit test "${test.name}" gives ${again.input} twice.`,
      'join the rows of the two',
      exactly(again.input),
    );
  return {
    ...test,
    schema: model.schema,
    inputs: inputs.map((id) => id ?? ''),
    depends_on: { ...test.depends_on, nodes: [model.unique_id] },
  };
}

function exactly(input: string): RegExp {
  return new RegExp(`^${escapePattern(input)}$`);
}

function inputId(
  context: ParseContext,
  index: ReferenceIndex,
  test: UnitTest,
  model: Model,
  input: string,
): ResourceId | undefined {
  if (input === 'this') return model.unique_id;
  const [, kind, , first = '', , second, version] = referenceCall.exec(input) ?? [];
  if (kind === 'ref') {
    const name = second ?? first;
    const call = { name, package: second === undefined ? null : first, version: version ?? null };
    const node = index.ref(call, test.package_name);
    if (node === undefined) {
      const hint = index.isDisabled(name) ? 'it is disabled' : didYouMean(name, index.names);
      const message = `The unit test "${test.name}" gives ${input}, which is no model, seed or snapshot.`;
      fail(context, test, message, hint, exactly(input));
    }
    return node?.unique_id;
  }
  if (kind === 'source' && second !== undefined) {
    const table = index.source([first, second], test.package_name);
    if (table === undefined) {
      const names = [...context.sources.values()].filter((one) => one.source_name === first).map((one) => one.name);
      const message = `The unit test "${test.name}" gives ${input}, which is no table of a source.`;
      fail(context, test, message, didYouMean(second, names), exactly(input));
    }
    return table?.unique_id;
  }
  fail(
    context,
    test,
    `"${input}" is no input of a unit test.`,
    "write ref('model'), source('source', 'table') or this",
    exactly(input),
  );
  return undefined;
}
