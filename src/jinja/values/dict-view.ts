import { equal } from './compare.js';
import { iterate } from './iterate.js';
import { toRepr } from './text.js';
import { HostObject, type PyDict, PySet, type PyValue, tuple } from './value.js';

/** What `dict.keys()`, `.values()` and `.items()` give: a live view. */
export class DictView extends HostObject {
  constructor(
    readonly dict: PyDict,
    readonly kind: 'keys' | 'values' | 'items',
  ) {
    super();
  }
  override get pyType(): string {
    return `dict_${this.kind}`;
  }
  getAttribute(): undefined {
    return undefined;
  }
  override *iterate(): IterableIterator<PyValue> {
    for (const [key, value] of this.dict)
      yield this.kind === 'items' ? tuple([key, value]) : this.kind === 'keys' ? key : value;
  }
  override length(): number {
    return this.dict.size;
  }
  override contains(value: PyValue): boolean {
    if (this.kind === 'keys') return this.dict.has(value);
    for (const item of this.iterate()) if (equal(item, value)) return true;
    return false;
  }
  override equals(other: PyValue): boolean {
    if (this.kind === 'values' || !(other instanceof DictView || other instanceof PySet)) return this === other;
    return equal(new PySet(this.iterate()), new PySet(iterate(other)));
  }
  /** Views of keys and items are sets to the operators. */
  override operate(operator: string, other: PyValue, reflected: boolean): PyValue | undefined {
    if (operator !== '-' || reflected || this.kind === 'values') return undefined;
    const taken = new PySet(iterate(other));
    return new PySet([...this.iterate()].filter((item) => !taken.has(item)));
  }
  toText(): string {
    return `dict_${this.kind}(${toRepr([...this.iterate()])})`;
  }
}
