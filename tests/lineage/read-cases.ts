import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A case of a file in cases/: SQL in, lineage out. */
export interface LineageCase {
  readonly file: string;
  readonly title: string;
  readonly sql: string;
  readonly expected: readonly string[];
}

const folder = join(import.meta.dirname, 'cases');

/** Reads the cases: `# title`, the SQL, `--`, one line a column (`name <- people.email, ~people.name, keyed_hash(people.email)`), or `! message`. */
export function readCases(): readonly LineageCase[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/^# /m)
      .slice(1)
      .map((text): LineageCase => {
        const [title = '', ...lines] = text.split('\n');
        const at = lines.indexOf('--');
        const expected = lines.slice(at + 1).filter((line) => line.trim() !== '');
        return { file, title, sql: lines.slice(0, at).join('\n'), expected };
      }),
  );
}
