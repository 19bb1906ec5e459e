import { entriesOf } from '../methods/dict-methods.js';
import { Namespace } from '../runtime/namespace.js';
import { typeError } from '../values/raise.js';
import { toText } from '../values/text.js';
import { hostFunction, type PyCallable, PyDict, type PyValue } from '../values/value.js';
import { Cycler, Joiner } from './cycler.js';
import { range } from './range.js';

const callables: readonly PyCallable[] = [
  hostFunction('range', range),
  hostFunction('dict', (args, keywords) => {
    return new PyDict([...args.flatMap((argument) => entriesOf(argument)), ...keywords]);
  }),
  hostFunction('namespace', (args, keywords) => {
    const namespace = new Namespace();
    for (const argument of args)
      for (const [key, value] of entriesOf(argument)) namespace.values.set(toText(key), value);
    for (const [key, value] of keywords) namespace.values.set(key, value);
    return namespace;
  }),
  hostFunction('cycler', (args) => {
    if (args.length === 0) throw typeError('at least one item has to be provided');
    return new Cycler(args);
  }),
  hostFunction('joiner', (args, keywords) => new Joiner(args[0] ?? keywords.get('sep') ?? ', ')),
  hostFunction('lipsum', () => 'Lorem ipsum dolor sit amet, consectetur adipiscing elit.'),
];

const globals: ReadonlyMap<string, PyValue> = new Map(callables.map((callable) => [callable.pyName ?? '', callable]));

/** The names that Jinja itself knows in every template; a scope's own names come before them. */
export function dialectGlobals(): ReadonlyMap<string, PyValue> {
  return globals;
}
