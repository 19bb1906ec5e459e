import { HostObject, type Keywords, type PyValue } from '../values/value.js';

/** A class or module of Python in a template: attributes, and a call that makes an instance. */
export class PythonClass extends HostObject {
  readonly #attributes: ReadonlyMap<string, PyValue>;
  readonly #create: ((args: readonly PyValue[], keywords: Keywords) => PyValue) | undefined;

  constructor(
    readonly name: string,
    attributes: Iterable<readonly [string, PyValue]>,
    create?: (args: readonly PyValue[], keywords: Keywords) => PyValue,
  ) {
    super();
    this.#attributes = new Map(attributes);
    this.#create = create;
  }
  override get pyType(): string {
    return this.#create === undefined ? 'module' : 'type';
  }
  getAttribute(name: string): PyValue | undefined {
    return this.#attributes.get(name);
  }
  override call(args: readonly PyValue[], keywords: Keywords): PyValue {
    if (this.#create === undefined) return super.call?.(args, keywords) ?? null;
    return this.#create(args, keywords);
  }
  toText(): string {
    return this.#create === undefined ? `<module '${this.name}'>` : `<class '${this.name}'>`;
  }
}
