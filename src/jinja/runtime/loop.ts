import { equal } from '../values/compare.js';
import { typeError } from '../values/raise.js';
import { iterate } from '../values/iterate.js';
import { hostFunction, HostObject, type PyCallable, type PyValue, Undefined } from '../values/value.js';

/** The variable `loop`. It reads its items one at a time, as far ahead as it is asked about them, so that a body may change the list it goes over. */
export class Loop extends HostObject {
  readonly #items: Iterator<PyValue>;
  /** Items that were read ahead. */
  readonly #ahead: PyValue[] = [];
  #index = -1;
  #previous: PyValue | undefined;
  #current: PyValue | undefined;
  #changed: readonly PyValue[] | undefined;

  constructor(
    items: PyValue,
    readonly depth: number,
    readonly recurse: ((items: PyValue, depth: number) => string) | null,
  ) {
    super();
    this.#items = iterate(items)[Symbol.iterator]();
  }

  override get pyType(): string {
    return 'LoopContext';
  }

  *[Symbol.iterator](): IterableIterator<PyValue> {
    for (;;) {
      if (this.#ahead.length === 0 && !this.#read()) return;
      this.#previous = this.#current;
      this.#current = this.#ahead.shift();
      this.#index += 1;
      yield this.#current as PyValue;
    }
  }

  getAttribute(name: string): PyValue | undefined {
    switch (name) {
      case 'index':
        return this.#index + 1;
      case 'index0':
        return this.#index;
      case 'first':
        return this.#index === 0;
      case 'last':
        return !this.#hasNext();
      case 'length':
        return this.#length();
      case 'revindex':
        return this.#length() - this.#index;
      case 'revindex0':
        return this.#length() - this.#index - 1;
      case 'depth':
        return this.depth + 1;
      case 'depth0':
        return this.depth;
      case 'previtem':
        return this.#index === 0 ? new Undefined('previtem', 'there is no previous item') : this.#previous;
      case 'nextitem':
        return this.#hasNext() ? this.#ahead[0] : new Undefined('nextitem', 'there is no next item');
      case 'cycle':
        return this.#cycle();
      case 'changed':
        return this.#changes();
      default:
        return undefined;
    }
  }

  override call(args: readonly PyValue[]): PyValue {
    if (this.recurse === null) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    }
    return this.recurse(args[0] ?? null, this.depth + 1);
  }

  override length(): number {
    return this.#length();
  }

  toText(): string {
    return `<LoopContext ${this.#index + 1}/${this.#length()}>`;
  }

  #read(): boolean {
    const next = this.#items.next();
    if (next.done === true) return false;
    this.#ahead.push(next.value);
    return true;
  }

  #hasNext(): boolean {
    return this.#ahead.length > 0 || this.#read();
  }

  #length(): number {
    while (this.#read());
    return this.#index + 1 + this.#ahead.length;
  }

  #cycle(): PyCallable {
    return hostFunction('cycle', (args) => {
      if (args.length === 0) throw typeError('no items for cycling given');
      return args[this.#index % args.length] as PyValue;
    });
  }

  #changes(): PyCallable {
    return hostFunction('changed', (args) => {
      const before = this.#changed;
      this.#changed = args;
      return before === undefined || !equal([...before], [...args]);
    });
  }
}
