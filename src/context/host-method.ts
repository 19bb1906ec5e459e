import { bindArguments, hostFunction, toText, type Keywords, type PyCallable, type PyValue } from '../jinja/index.js';

/** The arguments of one call, by parameter name. */
export interface CallArguments {
  /** A parameter's value, or undefined where the caller left it out. */
  get(name: string): PyValue | undefined;
  /** A parameter as text; null where it was left out or is none. */
  text(name: string): string | null;
  /** Positional arguments beyond the parameters. */
  readonly rest: readonly PyValue[];
  /** Keyword arguments that are no parameter. */
  readonly keywords: Keywords;
}

function callArguments(
  values: ReadonlyMap<string, PyValue>,
  rest: readonly PyValue[],
  keywords: Keywords,
): CallArguments {
  return {
    get: (name) => values.get(name),
    text: (name) => {
      const value = values.get(name);
      return value === undefined || value === null ? null : toText(value);
    },
    rest,
    keywords,
  };
}

/**
 * A function for templates whose arguments are bound by name. A parameter is declared as `name`, as `name?` where it may be left out;
 * a last `*` lets further arguments pass. Raises JINJA.TYPE in Python's words for a wrong call.
 */
export function hostMethod(
  name: string,
  parameters: readonly string[],
  body: (call: CallArguments) => PyValue,
): PyCallable {
  const isOpen = parameters.at(-1) === '*';
  const declared = isOpen ? parameters.slice(0, -1) : parameters;
  const names = declared.map((parameter) => parameter.replace('?', ''));
  const required = declared.filter((parameter) => !parameter.endsWith('?')).length;
  return hostFunction(name, (args, keywords) => {
    if (!isOpen) return body(callArguments(bindArguments(name, names, args, keywords, required), [], new Map()));
    const known = new Map([...keywords].filter(([key]) => names.includes(key)));
    const unknown = new Map([...keywords].filter(([key]) => !names.includes(key)));
    const values = bindArguments(name, names, args.slice(0, names.length), known, required);
    return body(callArguments(values, args.slice(names.length), unknown));
  });
}
