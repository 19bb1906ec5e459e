import { hostFunction, HostObject, type PyValue } from '../values/value.js';

/** What `cycler(a, b)` gives. */
export class Cycler extends HostObject {
  #at = 0;

  constructor(readonly items: readonly PyValue[]) {
    super();
  }
  getAttribute(name: string): PyValue | undefined {
    switch (name) {
      case 'current':
        return this.items[this.#at];
      case 'next':
        return hostFunction('next', () => {
          const item = this.items[this.#at] ?? null;
          this.#at = (this.#at + 1) % this.items.length;
          return item;
        });
      case 'reset':
        return hostFunction('reset', () => {
          this.#at = 0;
          return null;
        });
      default:
        return undefined;
    }
  }
  toText(): string {
    return '<Cycler>';
  }
}

/** What `joiner(', ')` gives: nothing at its first call, the separator at all others. */
export class Joiner extends HostObject {
  #used = false;

  constructor(readonly separator: PyValue) {
    super();
  }
  getAttribute(): undefined {
    return undefined;
  }
  override call(): PyValue {
    if (this.#used) return this.separator;
    this.#used = true;
    return '';
  }
  toText(): string {
    return '<Joiner>';
  }
}
