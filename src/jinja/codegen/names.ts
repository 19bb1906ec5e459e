import { CodeScope, type MacroUse } from './scope.js';

const specialNames = ['caller', 'kwargs', 'varargs'] as const;

/** What the names of a template mean while it is compiled: its scopes, and the names that it takes from the context. */
export class Names {
  /** The dotted names that are looked up in the context. */
  readonly used = new Set<string>();
  scope = new CodeScope(null, 0);
  #scopes = 1;
  /** Variables that hold what names of the context mean, of the outermost function. */
  readonly #free = new Map<string, string>();

  /** A number that no other scope has had. */
  get count(): number {
    return this.#scopes;
  }

  /** Code for a name; `path` is the dotted name that it is the beginning of. */
  code(name: string, path: string): string {
    const variable = this.scope.find(name);
    if (variable?.isSure === true) return variable.id;
    if (variable === undefined) {
      const special = this.#special(name);
      if (special !== undefined) return special;
    }
    this.used.add(path);
    const free = `f_${name}`;
    this.#free.set(name, free);
    const lookup = `(${free}===undefined?${free}=R.resolve(${JSON.stringify(name)}):${free})`;
    return variable === undefined ? lookup : `(${variable.id}===undefined?${lookup}:${variable.id})`;
  }

  /** `caller`, `kwargs` and `varargs` of the macro around the code, which notes that it has a use for them. */
  #special(name: string): string | undefined {
    const special = specialNames.find((word) => word === name);
    if (special === undefined) return undefined;
    for (let scope: CodeScope | null = this.scope; scope !== null; scope = scope.parent) {
      if (scope.macroUse === null) continue;
      scope.macroUse[special] = true;
      return special;
    }
    return undefined;
  }

  /** Opens a scope; whoever does must put the one before it back. */
  push(use: MacroUse | null = null): CodeScope {
    this.#scopes += 1;
    this.scope = new CodeScope(this.scope, this.#scopes, use);
    return this.scope;
  }

  /** Does work in a scope of its own. */
  within<T>(work: (scope: CodeScope) => T): T {
    const outer = this.scope;
    const result = work(this.push());
    this.scope = outer;
    return result;
  }

  /** The JavaScript that declares the variables of the context's names. */
  declarations(): string {
    return this.#free.size === 0 ? '' : `let ${[...this.#free.values()].join(',')};`;
  }
}
