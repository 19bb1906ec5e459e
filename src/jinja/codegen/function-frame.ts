/** A JavaScript function that is being compiled: what it must declare at its top. */
export class FunctionFrame {
  readonly #temporaries: string[] = [];
  /** Loops of this function that enclose the code that comes next, for `break` and `continue`. */
  loopDepth = 0;

  /** A new variable of the function. */
  temporary(prefix = 't'): string {
    const id = `${prefix}${this.#temporaries.length}`;
    this.#temporaries.push(id);
    return id;
  }

  /** The JavaScript that declares the position, the output and the temporaries. */
  declarations(): string {
    return `let ${['at=0', 'out=""', ...this.#temporaries].join(',')};`;
  }
}
