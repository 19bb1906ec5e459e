import { ChemflowError, didYouMean } from '../error/index.js';
import type { Manifest, Resource, ResourceId, ResourceType } from '../types/index.js';
import type { Graph } from './graph.js';
import type { NamedSelector } from './named-selectors.js';
import { parseSelection } from './parse-selection.js';
import { parentsOf, resourcesOf } from './resources.js';
import type { Criterion, IndirectSelection, MethodInput, Selection } from './selection-types.js';
import { selectorMethods } from './selector-methods.js';

export type { IndirectSelection } from './selection-types.js';

/** What is to be chosen, and from what. */
export interface SelectionInput {
  readonly graph: Graph;
  readonly manifest: Manifest;
  /** The words of `--select`; none of them means everything. */
  readonly select: readonly string[];
  readonly exclude?: readonly string[] | undefined;
  /** A selector of selectors.yml that takes the place of `select` and `exclude`. */
  readonly selector?: NamedSelector | undefined;
  /** Named selectors, for the method `selector:`. */
  readonly selectors?: readonly NamedSelector[] | undefined;
  readonly resourceTypes?: readonly ResourceType[] | undefined;
  readonly excludeResourceTypes?: readonly ResourceType[] | undefined;
  readonly indirectSelection?: IndirectSelection | undefined;
  /** Name of the root project, for `package:this`. */
  readonly rootPackage?: string | undefined;
  /** Receives a sentence for each criterion that matches nothing. */
  readonly warn?: ((message: string) => void) | undefined;
}

/** Resources that are chosen, and tests that are chosen if all that they read turns out to be. */
interface Chosen {
  readonly direct: ReadonlySet<ResourceId>;
  readonly pending: ReadonlySet<ResourceId>;
}

const methodsToCome = ['state', 'result', 'source_status', 'metric', 'semantic_model', 'saved_query'];

function unknownMethod(criterion: Criterion): ChemflowError {
  const known = [...Object.keys(selectorMethods), 'selector'];
  if (methodsToCome.includes(criterion.method))
    return new ChemflowError({
      code: 'SELECT.UNSUPPORTED_METHOD',
      message: `The selector method "${criterion.method}:" of "${criterion.text}" is not there yet.`,
      hint: `methods are ${known.join(', ')}`,
    });
  return new ChemflowError({
    code: 'SELECT.UNKNOWN_METHOD',
    message: `"${criterion.text}" uses the selector method "${criterion.method}:", which does not exist.`,
    hint: didYouMean(criterion.method, known) ?? `methods are ${known.join(', ')}`,
  });
}

function isTest(resource: Resource | undefined): boolean {
  return resource?.resource_type === 'test' || resource?.resource_type === 'unit_test';
}

/** Chooses resources as `--select` and `--exclude` say, in build order; throws `SELECT.SYNTAX` and `SELECT.UNKNOWN_METHOD`. */
export function selectResources(input: SelectionInput): ResourceId[] {
  const { graph, manifest } = input;
  const resources = resourcesOf(manifest);
  for (const [id, resource] of resources) if (resource.resource_type === 'operation') resources.delete(id);
  const indirect = input.indirectSelection ?? 'eager';
  const tests = [...resources.values()].filter(isTest);

  const evaluateCriterion = (criterion: Criterion, mode: IndirectSelection): Chosen => {
    if (criterion.method === 'selector') return evaluateNamed(criterion, mode);
    const method = selectorMethods[criterion.method];
    if (method === undefined) throw unknownMethod(criterion);
    const details: MethodInput = {
      graph,
      manifest,
      resources,
      rootPackage: input.rootPackage,
      words: criterion.words,
      value: criterion.value,
    };
    const matches = method(details);
    const found = [...resources.values()].filter(matches).map((resource) => resource.unique_id);
    if (found.length === 0) input.warn?.(nothingFound(criterion));
    return withTests(withNeighbours(found, criterion), mode);
  };

  const nothingFound = (criterion: Criterion): string => {
    const isName = criterion.method === 'fqn' || criterion.method === 'file';
    const names = [...resources.values()].filter((resource) => !isTest(resource)).map((resource) => resource.name);
    const guess = isName ? didYouMean(criterion.value.split('.').at(-1) ?? '', names) : undefined;
    return `"${criterion.text}" matches nothing${guess === undefined ? '.' : `; ${guess}`}`;
  };

  const withNeighbours = (found: readonly ResourceId[], criterion: Criterion): Set<ResourceId> => {
    const chosen = new Set(found);
    for (const id of found) {
      if (criterion.parents > 0) for (const parent of graph.ancestors(id, criterion.parents)) chosen.add(parent);
      if (criterion.children > 0) for (const child of graph.descendants(id, criterion.children)) chosen.add(child);
      if (!criterion.withBuilders) continue;
      for (const child of [id, ...graph.descendants(id)]) {
        chosen.add(child);
        for (const parent of graph.ancestors(child)) chosen.add(parent);
      }
    }
    for (const id of chosen) if (!resources.has(id)) chosen.delete(id);
    return chosen;
  };

  const withTests = (chosen: ReadonlySet<ResourceId>, mode: IndirectSelection): Chosen => {
    if (mode === 'empty') return { direct: chosen, pending: new Set() };
    const direct = new Set(chosen);
    const pending = new Set<ResourceId>();
    const near = mode === 'buildable' ? buildable(chosen) : chosen;
    for (const test of tests) {
      const parents = parentsOf(test).filter((id) => resources.has(id));
      if (chosen.has(test.unique_id) || !parents.some((parent) => chosen.has(parent))) continue;
      const isComplete = mode === 'eager' || parents.every((parent) => near.has(parent));
      (isComplete ? direct : pending).add(test.unique_id);
    }
    return { direct, pending };
  };

  const buildable = (chosen: ReadonlySet<ResourceId>): Set<ResourceId> => {
    const near = new Set(chosen);
    for (const id of chosen) for (const parent of graph.ancestors(id)) near.add(parent);
    for (const [id, resource] of resources) if (resource.resource_type === 'source') near.add(id);
    return near;
  };

  const evaluateNamed = (criterion: Criterion, mode: IndirectSelection): Chosen => {
    const selectors = input.selectors ?? [];
    const selector = selectors.find((candidate) => candidate.name === criterion.value);
    if (selector === undefined)
      throw new ChemflowError({
        code: 'SELECT.UNKNOWN_SELECTOR',
        message: `selectors.yml has no selector "${criterion.value}".`,
        hint: didYouMean(
          criterion.value,
          selectors.map((candidate) => candidate.name),
        ),
      });
    const inner = evaluate(selector.selection, mode);
    return withTests(withNeighbours([...inner.direct], criterion), mode);
  };

  const evaluate = (selection: Selection, mode: IndirectSelection): Chosen => {
    if (selection.kind === 'criterion') return evaluateCriterion(selection.criterion, selection.indirect ?? mode);
    if (selection.kind === 'difference') {
      const from = evaluate(selection.from, mode);
      const without = evaluate(selection.without, 'eager');
      return { direct: minus(from.direct, without.direct), pending: minus(from.pending, without.direct) };
    }
    const [first, ...others] = selection.parts.map((part) => evaluate(part, mode));
    if (first === undefined) return { direct: new Set(), pending: new Set() };
    const combine = selection.kind === 'union' ? union : intersection;
    return others.reduce<Chosen>(
      (left, right) => ({
        direct: combine(left.direct, right.direct),
        pending: combine(union(left.direct, left.pending), union(right.direct, right.pending)),
      }),
      first,
    );
  };

  const everything: Chosen = { direct: new Set(resources.keys()), pending: new Set() };
  const asked = parseSelection(input.select);
  const included =
    input.selector !== undefined
      ? evaluate(input.selector.selection, indirect)
      : asked.kind === 'union' && asked.parts.length === 0
        ? everything
        : evaluate(asked, indirect);
  const excluded = evaluate(parseSelection(input.selector === undefined ? (input.exclude ?? []) : []), 'eager');
  const chosen = new Set(minus(included.direct, excluded.direct));
  // A test that waits for its parents comes in if the whole selection has them all.
  const near = indirect === 'buildable' ? buildable(chosen) : chosen;
  for (const id of minus(included.pending, excluded.direct)) {
    const resource = resources.get(id);
    if (resource === undefined || !isTest(resource) || chosen.has(id)) continue;
    if (parentsOf(resource).every((parent) => near.has(parent))) chosen.add(id);
  }
  const types = input.resourceTypes;
  const kept = [...chosen].filter((id) => {
    const type = resources.get(id)?.resource_type;
    if (type === undefined) return false;
    return (types === undefined || types.includes(type)) && input.excludeResourceTypes?.includes(type) !== true;
  });
  return graph.order(kept);
}

function union(left: ReadonlySet<ResourceId>, right: ReadonlySet<ResourceId>): Set<ResourceId> {
  return new Set([...left, ...right]);
}

function intersection(left: ReadonlySet<ResourceId>, right: ReadonlySet<ResourceId>): Set<ResourceId> {
  return new Set([...left].filter((id) => right.has(id)));
}

function minus(left: ReadonlySet<ResourceId>, right: ReadonlySet<ResourceId>): Set<ResourceId> {
  return new Set([...left].filter((id) => !right.has(id)));
}
