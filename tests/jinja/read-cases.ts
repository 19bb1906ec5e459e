import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A case of `tests/jinja/cases`: what Jinja2 (Python) rendered for the same text, or the error that it raised. */
export interface JinjaCase {
  readonly file: string;
  readonly title: string;
  readonly macros: string;
  readonly template: string;
  readonly expected: string | undefined;
  /** `CODE: message`. */
  readonly error: string | undefined;
}

const folder = join(import.meta.dirname, 'cases');

/** All cases, in order of their files. */
export function readCases(): JinjaCase[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split(/^### /m)
        .slice(1)
        .map((text) => readCase(file, text)),
    );
}

function readCase(file: string, text: string): JinjaCase {
  const [title = '', ...rest] = text.split('\n');
  const parts = new Map<string, string>();
  for (const part of `\n${rest.join('\n')}`.split(/\n--- /).slice(1)) {
    const name = part.slice(0, part.indexOf('\n'));
    parts.set(name, part.slice(part.indexOf('\n') + 1));
  }
  // A blank line stands between two cases.
  const last = (name: string): string | undefined => parts.get(name)?.replace(/\n{1,2}$/, '');
  return {
    file,
    title,
    macros: parts.get('macros') ?? '',
    template: parts.get('template') ?? '',
    expected: last('expected'),
    error: last('error'),
  };
}
