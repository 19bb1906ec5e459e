import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Each folder of src/ and the floor it stands on; a file imports from lower floors, or from its own folder. */
const floors: Readonly<Record<string, number>> = {
  util: 0,
  error: 1,
  types: 2,
  adapter: 3,
  server: 3,
  jinja: 3,
  graph: 3,
  artifact: 3,
  progress: 3,
  person: 3,
  context: 4,
  extract: 4,
  state: 4,
  packages: 4,
  sample: 4,
  project: 5,
  materializations: 5,
  'data-tests': 5,
  lineage: 5,
  compile: 6,
  'unit-tests': 6,
  run: 7,
  site: 7,
  report: 7,
  export: 7,
  leakage: 7,
  forget: 7,
  commands: 8,
};
const topFloor = 10;
const topFiles: Readonly<Record<string, number>> = { 'cli.ts': 9, 'index.ts': 10 };

const source = resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));

/** What a file imports or re-exports, statically or by `import()`, and `new URL()` or `require()` never name a module here. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
}

/** The folder of src/ that a file lies in, or undefined for the files at the top. */
const folderOf = (file: string): string | undefined =>
  file.includes('/') ? file.slice(0, file.indexOf('/')) : undefined;

function floorOf(file: string): number | undefined {
  const folder = folderOf(file);
  if (folder === undefined) return topFiles[file];
  return floors[folder];
}

const edges = files.flatMap((file) =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => ({
      from: file,
      to: relative(source, resolve(source, dirname(file), target))
        .split(sep)
        .join('/')
        .replace(/\.js$/, '.ts'),
    })),
);

describe('the floors of the house', () => {
  it('finds the source and its imports', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(edges.length).toBeGreaterThan(20);
  });

  it('gives every file a floor', () => {
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual([]);
  });

  it('lets imports only go down, or stay in their own folder', () => {
    const wrong = edges.filter(({ from, to }) => {
      if (folderOf(from) !== undefined && folderOf(from) === folderOf(to)) return false;
      return !((floorOf(to) ?? topFloor) < (floorOf(from) ?? -1));
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('enters another folder by its index only', () => {
    const wrong = edges.filter(({ from, to }) => {
      const folder = folderOf(to);
      if (folder === undefined || folder === folderOf(from) || folder === 'util' || folder === 'commands') return false;
      return to !== `${folder}/index.ts`;
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('has no circle of imports', () => {
    const targets = new Map<string, string[]>();
    for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
        return;
      }
      if (done.has(file)) return;
      for (const next of targets.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps each package of the outer world behind one folder', () => {
    const owners: Readonly<Record<string, readonly string[]>> = {
      nunjucks: ['jinja'],
      pg: ['adapter'],
      'pg-copy-streams': ['adapter'],
      graphology: ['graph'],
      'graphology-dag': ['graph'],
      dotenv: ['project'],
      'libpg-query': ['lineage'],
      'hyparquet-writer': ['export'],
      hyparquet: ['export'],
    };
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap((target) => {
        const name = Object.keys(owners).find((owner) => target === owner || target.startsWith(`${owner}/`));
        return name !== undefined && !owners[name]?.includes(folderOf(file) ?? file) ? [`${file} -> ${target}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('writes to the terminal in progress/ only, ends the process in cli.ts only, reads the environment in project/ and cli.ts only', () => {
    const found = (pattern: RegExp, allowed: (file: string) => boolean): string[] =>
      files.filter((file) => !allowed(file) && pattern.test(readFileSync(join(source, file), 'utf8')));
    expect(
      found(/process\.(stdout|stderr)\b|\bconsole\./, (file) => folderOf(file) === 'progress' || file === 'cli.ts'),
    ).toEqual([]);
    expect(found(/process\.(exit|exitCode|abort)\b/, (file) => file === 'cli.ts')).toEqual([]);
    expect(found(/process\.env\b/, (file) => folderOf(file) === 'project' || file === 'cli.ts')).toEqual([]);
  });

  it('names nothing of ChemLink outside sample/', () => {
    const wrong = files.filter(
      (file) =>
        folderOf(file) !== 'sample' &&
        /chemlink|engagement[_-]platform|unified_users/i.test(
          readFileSync(join(source, file), 'utf8').replaceAll(/^\s*(\/?\*|\/\/).*$/gm, ''),
        ),
    );
    expect(wrong).toEqual([]);
  });
});
