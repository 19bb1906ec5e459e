import { HostObject, type PyValue } from './value.js';

/** What lazy filters (`map`, `select`) give: items that can be gone over once; always true, and without a length. */
export class PyGenerator extends HostObject {
  readonly #items: Iterator<PyValue>;

  constructor(items: Iterable<PyValue>) {
    super();
    this.#items = items[Symbol.iterator]();
  }
  override get pyType(): string {
    return 'generator';
  }
  getAttribute(): undefined {
    return undefined;
  }
  override *iterate(): IterableIterator<PyValue> {
    for (let next = this.#items.next(); next.done !== true; next = this.#items.next()) yield next.value;
  }
  toText(): string {
    return '<generator object>';
  }
}
