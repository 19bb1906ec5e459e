import { ChemflowError, didYouMean } from '../error/index.js';
import type { PyCallable } from '../jinja/index.js';
import { hostMethod } from './host-method.js';
import type { ParseReads } from './parse-reads.js';

const secretPrefix = 'DBT_ENV_SECRET';

/** `env_var(name, default)` over an environment; TEMPLATE.MISSING_ENV for what is not set, TEMPLATE.SECRET_ENV for a secret where none is allowed. */
export function envVarFunction(
  env: Readonly<Record<string, string | undefined>>,
  options: {
    readonly allowSecrets: boolean;
    readonly overrides?: Readonly<Record<string, string>> | undefined;
    readonly reads?: ParseReads | undefined;
  },
): PyCallable {
  return hostMethod('env_var', ['var', 'default?'], (call) => {
    const name = call.text('var') ?? '';
    if (name.startsWith(secretPrefix) && !options.allowSecrets)
      throw new ChemflowError({
        code: 'TEMPLATE.SECRET_ENV',
        message: `The environment variable ${name} is a secret, and secrets are not for SQL.`,
        hint: 'secrets can be used in profiles.yml and packages.yml only',
      });
    options.reads?.variables.add(name);
    const value = options.overrides?.[name] ?? env[name];
    if (value !== undefined) return value;
    const fallback = call.get('default');
    if (fallback !== undefined && fallback !== null) return fallback;
    throw new ChemflowError({
      code: 'TEMPLATE.MISSING_ENV',
      message: `The environment variable ${name} is not set.`,
      hint: didYouMean(name, Object.keys(env)) ?? `set it, or give a default: env_var('${name}', 'value')`,
    });
  });
}
