import { HostObject, fromJson, type PyValue } from '../jinja/index.js';
import type { Invocation, Json, Project } from '../types/index.js';
import { flagValues } from './flag-values.js';
import { hostMethod } from './host-method.js';
import type { ParseReads } from './parse-reads.js';

/** `flags` of templates: dbt's names in any case, as attributes, items and through `get`; what is unknown is undefined. */
export class FlagsObject extends HostObject {
  readonly #values: Readonly<Record<string, Json>>;
  readonly #reads: ParseReads | undefined;

  constructor(project: Project, invocation: Invocation, reads?: ParseReads) {
    super();
    this.#values = flagValues(project, invocation);
    this.#reads = reads;
  }
  override toText(): string {
    return '<flags>';
  }
  override getAttribute(name: string): PyValue | undefined {
    if (name === 'get')
      return hostMethod('get', ['key', 'default?'], (call) => {
        return this.getItem(call.text('key')) ?? call.get('default') ?? null;
      });
    return this.getItem(name);
  }
  override getItem(key: PyValue): PyValue | undefined {
    if (typeof key !== 'string') return undefined;
    const name = key.toUpperCase();
    this.#reads?.flags.add(name);
    return Object.hasOwn(this.#values, name) ? fromJson(this.#values[name]) : undefined;
  }
  override contains(key: PyValue): boolean {
    return this.getItem(key) !== undefined;
  }
}
