import { toText } from '../values/text.js';
import { HostObject, type PyValue } from '../values/value.js';
import { filter, type Filter } from './filter.js';

/** What `as_native`, `as_bool`, `as_number` and `as_text` give in YAML: the text, and how it is to be read. */
export class NativeMarker extends HostObject {
  constructor(
    readonly kind: 'native' | 'bool' | 'number' | 'text',
    readonly text: string,
  ) {
    super();
  }
  getAttribute(): undefined {
    return undefined;
  }
  override equals(other: PyValue): boolean {
    return typeof other === 'string' ? other === this.text : other === this;
  }
  toText(): string {
    return this.text;
  }
}

/** The filters that YAML values know; in SQL they change nothing, as in dbt. */
export const nativeFilters: readonly (readonly [string, Filter])[] = (
  ['native', 'bool', 'number', 'text'] as const
).map((kind) =>
  filter(`as_${kind}`, [], (value, _given, context) =>
    context.isNative ? new NativeMarker(kind, toText(value)) : value,
  ),
);
