import { builtinMacroFiles } from '../jinja/index.js';
import type { Macro } from '../types/index.js';
import { scanMacroFile } from './scan-macro-file.js';

let known: Readonly<Record<string, Macro>> | undefined;

/** The macros that chemflow brings, by unique id; their files are read once. */
export function builtinMacros(): Readonly<Record<string, Macro>> {
  known ??= Object.fromEntries(
    builtinMacroFiles().flatMap(({ packageName, file, text }) =>
      scanMacroFile({ text, file, packageName, path: file, shownFile: `chemflow/${file}` }).macros.map(
        (macro) => [macro.unique_id, macro] as const,
      ),
    ),
  );
  return known;
}

/** These macros and chemflow's own. */
export function withBuiltinMacros(macros: Readonly<Record<string, Macro>>): Readonly<Record<string, Macro>> {
  const hasBuiltins = Object.values(macros).some((macro) => macro.package_name === 'dbt');
  return hasBuiltins ? macros : { ...builtinMacros(), ...macros };
}
