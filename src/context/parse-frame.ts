import { fromJson, type PyValue, type Scope } from '../jinja/index.js';
import type { Json, RefCall } from '../types/index.js';
import type { Frame, Members, TemplateHost } from './frame.js';
import type { ParseNode } from './parse-types.js';
import { createScope, type FrameScope } from './scope.js';

/** What a template in the parse phase tells by its calls. */
export interface ParseRecord {
  readonly refs: Map<string, RefCall>;
  readonly sources: Map<string, readonly [string, string]>;
  readonly config: Record<string, Json>;
}

/** A rendering with `execute` false. */
export interface ParseFrame extends Frame {
  readonly node: ParseNode | null;
  readonly record: ParseRecord;
  readonly scope: FrameScope;
}

/** A frame of the parse phase for a node, or (null) for a macro of a package. */
export function createParseFrame(
  host: TemplateHost,
  members: Members<ParseFrame>,
  node: ParseNode | null,
  packageName: string,
  variables?: ReadonlyMap<string, PyValue>,
): ParseFrame {
  const names = new Map(Object.entries(node?.variables ?? {}).map(([key, value]) => [key, fromJson(value)] as const));
  for (const [key, value] of variables ?? []) names.set(key, value);
  const scope = createScope<ParseFrame>({
    library: host.library,
    packageName,
    members,
    frame: () => frame,
    overrides: names.size === 0 ? undefined : names,
    isPermissive: true,
  });
  const frame: ParseFrame = {
    host,
    packageName,
    node,
    label: node?.unique_id ?? null,
    execute: false,
    overrides: {},
    record: { refs: new Map(), sources: new Map(), config: {} },
    scope,
  };
  return frame;
}

/** A scope with further names before those of another. */
export function extendScope(scope: Scope, names: ReadonlyMap<string, PyValue>): Scope {
  return {
    lookup: (name) => names.get(name) ?? scope.lookup(name),
    ...(scope.missing === undefined ? {} : { missing: scope.missing }),
  };
}
