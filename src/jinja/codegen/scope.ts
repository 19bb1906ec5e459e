/** A JavaScript variable that holds a name of the template. */
export interface Variable {
  readonly id: string;
  /** Has it a value on every path to the code that comes next? Else it may still be the context's name. */
  isSure: boolean;
}

/** What a macro's body reads of the special names; found while its body is compiled. */
export interface MacroUse {
  caller: boolean;
  kwargs: boolean;
  varargs: boolean;
}

/**
 * Names of one scope of the template: the template itself, a macro, one turn of a loop, a `with`, a captured block.
 * A name that is set here begins as what it is outside, and what is set here ends with the scope, as in Jinja.
 */
export class CodeScope {
  readonly #variables = new Map<string, Variable>();
  readonly #declarations: string[] = [];
  /** How many branches (`if`) of this scope enclose the code that comes next. */
  branchDepth = 0;

  constructor(
    readonly parent: CodeScope | null,
    readonly depth: number,
    /** Set for the scope of a macro's parameters. */
    readonly macroUse: MacroUse | null = null,
  ) {}

  /** The variable that a name means here, in this scope or one around it. */
  find(name: string): Variable | undefined {
    return this.#variables.get(name) ?? this.parent?.find(name);
  }

  /** The variable of this scope that an assignment to the name goes to; declared with its outer value where it is new. */
  assign(name: string): Variable {
    let variable = this.#variables.get(name);
    if (variable === undefined) {
      const outer = this.parent?.find(name);
      variable = { id: `v${this.depth}_${name}`, isSure: outer?.isSure ?? false };
      this.#variables.set(name, variable);
      this.#declarations.push(outer === undefined ? variable.id : `${variable.id}=${outer.id}`);
    }
    if (this.branchDepth === 0) variable.isSure = true;
    return variable;
  }

  /** A variable of this scope that the caller declares: a parameter, or a target of a loop. */
  declare(name: string): Variable {
    const variable = { id: `v${this.depth}_${name}`, isSure: true };
    this.#variables.set(name, variable);
    return variable;
  }

  /** The JavaScript that declares what was assigned in this scope. */
  declarations(): string {
    return this.#declarations.length === 0 ? '' : `let ${this.#declarations.join(',')};`;
  }
}
