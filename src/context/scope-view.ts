import { HostObject, PyDict, type PyValue, type Scope } from '../jinja/index.js';
import { hostMethod } from './host-method.js';

/** `context` of templates: the names of the scope as a dict (`context['my_macro']`, `context.get('x')`); what is put into it is seen there only. */
export class ScopeView extends HostObject {
  readonly #added = new PyDict();

  constructor(readonly scope: Scope) {
    super();
  }
  override get pyType(): string {
    return 'dict';
  }
  override toText(): string {
    return '<context>';
  }
  override getItem(key: PyValue): PyValue | undefined {
    return this.#added.get(key) ?? (typeof key === 'string' ? this.scope.lookup(key) : undefined);
  }
  override getAttribute(name: string): PyValue | undefined {
    if (name === 'get')
      return hostMethod('get', ['key', 'default?'], (call) => {
        return this.getItem(call.get('key') ?? null) ?? call.get('default') ?? null;
      });
    if (name === 'update')
      return hostMethod('update', ['other?', '*'], (call) => {
        const other = call.get('other');
        if (other instanceof PyDict) for (const [key, value] of other) this.#added.set(key, value);
        for (const [key, value] of call.keywords) this.#added.set(key, value);
        return null;
      });
    return this.getItem(name);
  }
  override contains(key: PyValue): boolean {
    return this.getItem(key) !== undefined;
  }
}
