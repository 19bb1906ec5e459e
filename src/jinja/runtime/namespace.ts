import { toRepr } from '../values/text.js';
import { HostObject, PyDict, type PyValue } from '../values/value.js';

/** What `namespace()` gives: the one object whose attributes `{% set ns.x = ... %}` may assign. */
export class Namespace extends HostObject {
  readonly values = new Map<string, PyValue>();

  override get pyType(): string {
    return 'Namespace';
  }
  getAttribute(name: string): PyValue | undefined {
    return this.values.get(name);
  }
  override getItem(key: PyValue): PyValue | undefined {
    return typeof key === 'string' ? this.values.get(key) : undefined;
  }
  toText(): string {
    return `<Namespace ${toRepr(new PyDict(this.values))}>`;
  }
}
