import { typeError } from '../values/raise.js';
import { type Keywords, type PyCallable, PyDict, type PyValue, tuple } from '../values/value.js';

/** What compiled code says of a macro. */
export interface MacroSignature {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly caller: boolean;
  readonly kwargs: boolean;
  readonly varargs: boolean;
}

/** The compiled body: values by position (JavaScript's undefined where none was given), surplus ones, surplus keywords, the call block. */
export type MacroBody = (
  values: readonly (PyValue | undefined)[],
  varargs: PyValue,
  kwargs: PyValue,
  caller: PyValue | undefined,
) => PyValue;

/** A macro as a callable that binds its arguments by Jinja's rules, with Jinja's messages. */
export function macroCallable(signature: MacroSignature, body: MacroBody, noCaller: () => PyValue): PyCallable {
  const { name, parameters } = signature;
  const callable = (args: readonly PyValue[], keywords: Keywords): PyValue => {
    const values: (PyValue | undefined)[] =
      args.length > parameters.length ? args.slice(0, parameters.length) : [...args];
    if (args.length > parameters.length && !signature.varargs) {
      throw typeError(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
    }
    let caller: PyValue | undefined;
    let surplus: PyDict | undefined;
    for (const [key, value] of keywords) {
      const index = parameters.indexOf(key);
      if (index !== -1) {
        if (index < args.length) throw typeError(`macro '${name}' got multiple values for argument '${key}'`);
        values[index] = value;
      } else if (key === 'caller' && signature.caller) caller = value;
      else if (signature.kwargs) (surplus ??= new PyDict()).set(key, value);
      else if (key === 'caller') {
        throw typeError(`macro '${name}' was called in a call block, but makes no use of caller()`);
      } else throw typeError(`macro '${name}' takes no keyword argument '${key}'`);
    }
    return body(
      values,
      signature.varargs ? tuple(args.slice(parameters.length)) : null,
      signature.kwargs ? (surplus ?? new PyDict()) : null,
      signature.caller ? (caller ?? noCaller()) : undefined,
    );
  };
  return Object.assign(callable, {
    pyName: name,
    attributes: new Map<string, PyValue>([
      ['name', name],
      ['arguments', tuple(parameters)],
      ['catch_kwargs', signature.kwargs],
      ['catch_varargs', signature.varargs],
      ['caller', signature.caller],
    ]),
  });
}
