import {
  HostObject,
  PermissiveUndefined,
  type PyCallable,
  type PyValue,
  type Scope,
  type Undefined,
} from '../jinja/index.js';
import type { Macro } from '../types/index.js';
import type { Frame, Members } from './frame.js';
import type { MacroLibrary } from './macro-library.js';
import { builtinPackages } from './shown-file.js';

/** The scope of a frame: it looks names up, and binds each macro once. */
export interface FrameScope extends Scope {
  lookup(name: string): PyValue | undefined;
  missing?(name: string | null, message: string): Undefined;
  /** The macro as a callable in this scope. */
  bind(macro: Macro): PyCallable;
  /** Every name that a template can look up, for "did you mean". */
  names(): readonly string[];
}

/** What `dbt_utils` or `dbt` is in a template: the macros of a package as attributes. */
class PackageNamespace extends HostObject {
  constructor(
    readonly name: string,
    readonly macros: ReadonlyMap<string, Macro>,
    readonly bind: (macro: Macro) => PyCallable,
    /** Functions of the host that stand for a macro (`dbt.statement`). */
    readonly fallback: (name: string) => PyValue | undefined,
    /** What stands in a macro's place. */
    readonly override: (name: string) => PyValue | undefined,
  ) {
    super();
  }
  override get pyType(): string {
    return 'dict';
  }
  override toText(): string {
    return `<macros of ${this.name}>`;
  }
  override getAttribute(name: string): PyValue | undefined {
    const override = this.override(name);
    if (override !== undefined) return override;
    const macro = this.macros.get(name);
    return macro === undefined ? this.fallback(name) : this.bind(macro);
  }
  override getItem(key: PyValue): PyValue | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }
  override contains(key: PyValue): boolean {
    return typeof key === 'string' && this.getAttribute(key) !== undefined;
  }
}

/** A name that nothing has, in the parse phase: it may be asked for and tested, but a call of it, or of what would be a macro of a package, is a slip that no run would forgive. */
class UnknownName extends PermissiveUndefined {
  override getAttribute(name: string): PyValue {
    const path = `${this.name ?? ''}.${name}`;
    return path.split('.').length > 2 ? new PermissiveUndefined(name) : new UnknownName(path);
  }
  override call(): PyValue {
    return this.raise();
  }
}

/**
 * Makes the scope of a frame. A name means, in this order: an override, a macro of the template's package or the root project, a
 * member of the context, a package, a macro of chemflow's own.
 */
export function createScope<AnyFrame extends Frame>(options: {
  readonly library: MacroLibrary;
  readonly packageName: string;
  readonly members: Members<AnyFrame>;
  readonly frame: () => AnyFrame;
  readonly overrides: ReadonlyMap<string, PyValue> | undefined;
  readonly isPermissive: boolean;
}): FrameScope {
  const { library, packageName, members, overrides } = options;
  const found = new Map<string, PyValue | undefined>();
  const bound = new Map<string, PyCallable>();

  const bind = (macro: Macro): PyCallable => {
    let callable = bound.get(macro.unique_id);
    if (callable === undefined) bound.set(macro.unique_id, (callable = library.define(macro).bind(scope)));
    return callable;
  };
  const member = (name: string): PyValue | undefined =>
    Object.hasOwn(members, name) ? members[name]?.(options.frame()) : undefined;
  const find = (name: string): PyValue | undefined => {
    const own = library.findOwn(name, packageName);
    if (own !== undefined) return bind(own);
    const value = member(name);
    if (value !== undefined) return value;
    const macros = library.ofPackage(name);
    if (macros !== undefined) {
      const isBuiltin = builtinPackages.includes(name);
      const fallback = (key: string): PyValue | undefined => (isBuiltin ? member(key) : undefined);
      return new PackageNamespace(name, macros, bind, fallback, (key) => overrides?.get(`${name}.${key}`));
    }
    const builtin = library.find(name, null, packageName);
    return builtin === undefined ? undefined : bind(builtin);
  };

  const scope: FrameScope = {
    lookup: (name) => {
      const override = overrides?.get(name);
      if (override !== undefined) return override;
      if (found.has(name)) return found.get(name);
      const value = find(name);
      found.set(name, value);
      return value;
    },
    bind,
    names: () => [...(overrides?.keys() ?? []), ...Object.keys(members), ...library.names(packageName)],
    ...(options.isPermissive
      ? {
          missing: (name: string | null, message: string) =>
            name !== null && message === `'${name}' is undefined`
              ? new UnknownName(name)
              : new PermissiveUndefined(name),
        }
      : {}),
  };
  return scope;
}
