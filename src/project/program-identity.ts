import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../util/package-root.js';

/**
 * Which chemflow this is, as a text: name, size and times of the files that it runs from (the bundle, dist/ or src/), of its built-in macros and of the list of
 * installed packages. A version alone would not tell one development build from the next.
 */
export function programIdentity(
  root: string = packageRoot,
  here: string = dirname(fileURLToPath(import.meta.url)),
): string {
  const program = here === join(root, 'dist/bundle') ? here : dirname(here);
  const files = [program, join(root, 'src/jinja/builtins')].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:js|ts|sql)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const installed = [join(root, 'node_modules'), dirname(root)].map((folder) => join(folder, '.package-lock.json'));
  return [process.version, ...[...files, join(root, 'package.json'), ...installed].map(identityOf)].join('\n');
}

/** A file's path, size and times; the time of its last change of any kind is one that no copying or unpacking can set. */
export function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? `${path} -` : `${path} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}
