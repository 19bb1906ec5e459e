import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../util/package-root.js';

/** A file of the macros that dbt ships, in chemflow's own words. */
export interface BuiltinMacroFile {
  readonly packageName: 'dbt' | 'dbt_postgres';
  /** Path as shown to the user. */
  readonly file: string;
  readonly text: string;
}

/** The files of `src/jinja/builtins/`, in order of their paths; those whose names end in `.postgres.sql` belong to `dbt_postgres`. */
export function builtinMacroFiles(): BuiltinMacroFile[] {
  const folder = join(packageRoot, 'src/jinja/builtins');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({
      packageName: path.endsWith('.postgres.sql') ? 'dbt_postgres' : 'dbt',
      file: `macros/${path}`,
      text: readFileSync(join(folder, path), 'utf8'),
    }));
}
