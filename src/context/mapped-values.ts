import { dictOf, HostObject, tuple, type PyValue } from '../jinja/index.js';
import { hostMethod } from './host-method.js';

/** agate's MappedSequence: cells in order, which have names too where `names` are given. */
export class Mapped extends HostObject {
  override readonly isSequence = true;

  constructor(
    readonly cells: readonly PyValue[],
    readonly names: readonly string[] | null,
  ) {
    super();
  }
  override get pyType(): string {
    return 'MappedSequence';
  }
  override toText(): string {
    return `<${this.pyType}: ${this.cells.length} values>`;
  }
  override iterate(): Iterable<PyValue> {
    return this.cells;
  }
  override length(): number {
    return this.cells.length;
  }
  override isTruthy(): boolean {
    return this.cells.length > 0;
  }
  override contains(value: PyValue): boolean {
    return this.cells.includes(value);
  }
  override toJsonValue(): unknown {
    return this.names === null ? [...this.cells] : dictOf(Object.fromEntries(this.entries()));
  }
  override equals(other: PyValue): boolean {
    return (
      other === this ||
      (other instanceof Mapped &&
        other.cells.length === this.cells.length &&
        other.cells.every((cell, index) => cell === this.cells[index]))
    );
  }
  override getItem(key: PyValue): PyValue | undefined {
    if (typeof key === 'number') return this.cells.at(key);
    if (typeof key === 'string') {
      const index = this.names?.indexOf(key) ?? -1;
      return index === -1 ? undefined : this.cells[index];
    }
    return undefined;
  }
  override getAttribute(name: string): PyValue | undefined {
    switch (name) {
      case 'values':
        return hostMethod(name, [], () => tuple(this.cells));
      case 'keys':
        return hostMethod(name, [], () => (this.names === null ? null : [...this.names]));
      case 'items':
        return hostMethod(name, [], () => this.entries().map(([key, value]) => tuple([key, value])));
      case 'dict':
        return hostMethod(name, [], () => dictOf(Object.fromEntries(this.entries())));
      case 'get':
        return hostMethod(
          name,
          ['key', 'default?'],
          (call) => this.getItem(call.get('key') ?? null) ?? call.get('default') ?? null,
        );
      default:
        // A column that is named as a method is reached by its item only.
        return this.getItem(name);
    }
  }

  entries(): [string, PyValue][] {
    return (this.names ?? []).map((name, index) => [name, this.cells[index] ?? null]);
  }
}
