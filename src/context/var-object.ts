import { ChemflowError, didYouMean } from '../error/index.js';
import { fromJson, HostObject, PyDict, toText, type Keywords, type PyValue } from '../jinja/index.js';
import type { JsonObject, Json } from '../types/index.js';
import type { Frame } from './frame.js';
import { hostMethod } from './host-method.js';

function scoped(vars: JsonObject, packageName: string): JsonObject {
  const own = vars[packageName];
  return own !== null && typeof own === 'object' && !Array.isArray(own) ? (own as JsonObject) : {};
}

/** The variables that a template of a package sees, first wins: command line, root project (the package's own section first), the package. */
function layers(frame: Frame): readonly JsonObject[] {
  const { project } = frame.host;
  const owner = project.packages.find((candidate) => candidate.name === frame.packageName);
  return [
    project.cliVars,
    scoped(project.root.vars, frame.packageName),
    project.root.vars,
    ...(owner === undefined ? [] : [scoped(owner.vars, frame.packageName), owner.vars]),
  ];
}

/** `var` of templates: a call gives a variable, its default, none in the parse phase, or raises TEMPLATE.UNDEFINED_VAR. */
export class VarObject extends HostObject {
  constructor(
    readonly layers: readonly JsonObject[],
    readonly label: string | null,
    /** Is an unknown variable without default an error? In the parse phase it is none, as in dbt. */
    readonly isStrict: boolean,
    readonly overrides?: ReadonlyMap<string, PyValue> | undefined,
  ) {
    super();
  }
  override get pyType(): string {
    return 'Var';
  }
  override toText(): string {
    return '<var>';
  }
  override getAttribute(name: string): PyValue | undefined {
    if (name === 'has_var')
      return hostMethod('has_var', ['var_name'], (call) => this.find(call.text('var_name') ?? '') !== undefined);
    if (name === '_context' || name === 'merged')
      return new PyDict(this.names().map((key) => [key, this.find(key) ?? null]));
    return undefined;
  }
  override call(args: readonly PyValue[], keywords: Keywords): PyValue {
    return hostMethod('var', ['name', 'default?'], (call) => {
      const name = toText(call.get('name') ?? '');
      const found = this.find(name);
      if (found !== undefined) return found;
      return call.get('default') ?? this.missing(name, call.get('default') === null);
    })(args, keywords);
  }

  find(name: string): PyValue | undefined {
    const override = this.overrides?.get(name);
    if (override !== undefined) return override;
    for (const layer of this.layers) {
      const value: Json | undefined = Object.hasOwn(layer, name) ? layer[name] : undefined;
      if (value !== undefined) return fromJson(value);
    }
    return undefined;
  }

  private names(): string[] {
    return [...new Set(this.layers.flatMap((layer) => Object.keys(layer)))];
  }

  private missing(name: string, hasDefault: boolean): PyValue {
    if (hasDefault || !this.isStrict) return null;
    throw new ChemflowError({
      code: 'TEMPLATE.UNDEFINED_VAR',
      message: `The variable "${name}" has no value${this.label === null ? '' : ` for ${this.label}`} and no default.`,
      hint:
        didYouMean(name, this.names()) ??
        `give it under vars: in the project file, with --vars '{"${name}": ...}', or write var("${name}", <default>)`,
    });
  }
}

/** The `var` of a frame. */
export function varOf(frame: Frame): VarObject {
  return new VarObject(layers(frame), frame.label, frame.execute, frame.overrides.vars);
}
