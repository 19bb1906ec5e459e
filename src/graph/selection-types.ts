import type { Manifest, Resource, ResourceId } from '../types/index.js';
import type { Graph } from './graph.js';

/** Which tests come with the resources that they test: `eager` if one of the tested is chosen, `cautious` if all are, `buildable` if all are or are built before, `empty` none. */
export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty';

/** What a selector method looks at. */
export interface MethodInput {
  readonly graph: Graph;
  readonly manifest: Manifest;
  readonly resources: ReadonlyMap<ResourceId, Resource>;
  /** Name of the root project, for `package:this`. */
  readonly rootPackage: string | undefined;
  /** The part before the colon after the method's own name: `materialized` of `config.materialized:table`. */
  readonly words: readonly string[];
  readonly value: string;
}

/** A method chooses resources by one property: a test of each resource, made once for a value. */
export type SelectorMethod = (input: MethodInput) => (resource: Resource) => boolean;

/** One criterion: `2+tag:daily+1`. */
export interface Criterion {
  readonly text: string;
  readonly method: string;
  readonly words: readonly string[];
  readonly value: string;
  /** Steps up: 0 none, Infinity all. */
  readonly parents: number;
  readonly children: number;
  /** `@x`: the descendants of x and all that those read from. */
  readonly withBuilders: boolean;
}

/** A selection: a criterion, or several put together. */
export type Selection =
  | { readonly kind: 'criterion'; readonly criterion: Criterion; readonly indirect?: IndirectSelection | undefined }
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly Selection[] }
  | { readonly kind: 'difference'; readonly from: Selection; readonly without: Selection };
