import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChemflowError, didYouMean, placeAt } from '../error/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { yamlPackage } from '../util/yaml-package.js';

/** One entry of packages.yml: a folder, or something that would have to be fetched. */
export type PackageEntry =
  | { readonly kind: 'local'; readonly path: string; readonly file: string }
  | { readonly kind: 'hub' | 'git' | 'tarball' | 'private'; readonly name: string; readonly file: string };

/** Renders the Jinja of a YAML value. */
export type RenderYaml = (value: Json, file: string, text: string) => Json;

const fileNames = ['packages.yml', 'dependencies.yml'];
const entryKeys = ['local', 'package', 'git', 'tarball', 'private'];

function readEntry(entry: Json, fail: (message: string, hint?: string) => ChemflowError, file: string): PackageEntry {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw fail('An entry of "packages" is not a mapping.', 'write - local: ../my_package');
  const fields = entry as JsonObject;
  const text = (key: string): string | undefined => {
    const value = fields[key];
    return typeof value === 'string' ? value : undefined;
  };
  const local = text('local');
  if (local !== undefined) return { kind: 'local', path: local, file };
  const hub = text('package');
  if (hub !== undefined) return { kind: 'hub', name: hub, file };
  for (const kind of ['git', 'tarball', 'private'] as const) {
    const name = text(kind);
    if (name !== undefined) return { kind, name, file };
  }
  const [first = ''] = Object.keys(fields);
  throw fail(
    `An entry of "packages" says neither of ${entryKeys.join(', ')}.`,
    didYouMean(first, entryKeys) ?? 'write - local: ../my_package',
  );
}

/** Reads the entries of packages.yml and dependencies.yml of a folder; none where there is no such file. Throws `PACKAGES.SHAPE`. */
export function readPackageEntries(projectDir: string, render?: RenderYaml): PackageEntry[] {
  const entries: PackageEntry[] = [];
  for (const name of fileNames) {
    const path = join(projectDir, name);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    const document = yamlPackage().parseDocument(text);
    const fail = (message: string, hint?: string): ChemflowError =>
      new ChemflowError({ code: 'PACKAGES.SHAPE', message, hint, place: placeAt(name, text, 0) });
    const [error] = document.errors;
    if (error !== undefined)
      throw new ChemflowError({
        code: 'PARSE.YAML',
        message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '.'),
        place: placeAt(name, text, error.pos[0]),
      });
    let value = document.toJS() as Json;
    // dbt renders packages.yml, but not dependencies.yml.
    if (render !== undefined && name === 'packages.yml') value = render(value, name, text);
    if (value === null) continue;
    if (typeof value !== 'object' || Array.isArray(value)) throw fail(`${name} is not a mapping.`);
    const list = (value as JsonObject)['packages'];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list)) throw fail('"packages" is not a list.');
    for (const entry of list as readonly Json[]) entries.push(readEntry(entry, fail, name));
  }
  return entries;
}
