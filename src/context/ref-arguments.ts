import { toText, typeError, type PyValue } from '../jinja/index.js';
import type { RefCall } from '../types/index.js';
import type { CallArguments } from './host-method.js';

function text(value: PyValue, what: string): string {
  if (typeof value !== 'string') throw typeError(`${what} takes names as text, not ${toText(value)}`);
  return value;
}

/** The arguments of `ref(name)`, `ref(package, name)` with `v` or `version`; JINJA.TYPE for any other call. */
export function readRef(call: CallArguments): RefCall {
  const [first, second, ...surplus] = call.rest;
  if (first === undefined || surplus.length > 0)
    throw typeError(`ref() takes 1 or 2 positional arguments but ${call.rest.length} were given`);
  for (const key of call.keywords.keys())
    if (key !== 'v' && key !== 'version') throw typeError(`ref() got an unexpected keyword argument '${key}'`);
  const version = call.keywords.get('version') ?? call.keywords.get('v') ?? null;
  return {
    name: text(second ?? first, 'ref()'),
    package: second === undefined ? null : text(first, 'ref()'),
    version: version === null || typeof version === 'number' ? version : toText(version),
  };
}

/** The arguments of `source(source_name, table_name)`; JINJA.TYPE for any other call. */
export function readSource(call: CallArguments): readonly [string, string] {
  const [first, second] = call.rest;
  if (first === undefined || second === undefined || call.rest.length > 2 || call.keywords.size > 0)
    throw typeError(`source() takes exactly two arguments (${call.rest.length + call.keywords.size} given)`);
  return [text(first, 'source()'), text(second, 'source()')];
}
