import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { formatError } from '../../src/error/index.js';
import { openProject, readManifest, wantsCache, type LoadOptions } from '../../src/project/index.js';
import { programIdentity } from '../../src/project/program-identity.js';
import type { Invocation, InvocationFlags, Manifest, RunEvent } from '../../src/types/index.js';
import { invocation, writeProject, type TestProject } from './write-project.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const scratch: string[] = [];
let project: TestProject | undefined;
afterEach(() => {
  project?.remove();
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-cache-'));
  scratch.push(folder);
  return folder;
}

interface Read {
  readonly manifest: Manifest;
  readonly told: readonly string[];
}

/** Opens and parses a project as a command does. */
async function read(
  options: Partial<LoadOptions> & { readonly projectDir: string },
  useCache = true,
  run: Invocation = invocation,
): Promise<Read> {
  const told: string[] = [];
  const sink = (event: RunEvent): void => {
    if (event.kind === 'message') told.push(`${event.level}: ${event.text}`);
  };
  const opened = await openProject({ env: {}, sink, ...options });
  return { manifest: await readManifest({ project: opened, invocation: run, sink, useCache }), told };
}

function withFlags(flags: Partial<InvocationFlags>): Invocation {
  return { ...invocation, flags: { ...invocation.flags, ...flags } };
}

const cacheOf = (folder: string): string => join(folder, 'target/manifest_cache.json');
const written = (folder: string): bigint => statSync(cacheOf(folder), { bigint: true }).mtimeNs;

const files = {
  'chemflow.yml': `name: shop
vars: { shade: red }
targets:
  prod: { schema: public }
  dev: { schema: "dev_{{ env_var('WHO', 'me') }}" }
models:
  shop:
    +materialized: view
`,
  'models/a.sql': "{{ config(tags=[var('shade')], meta={'who': env_var('WHO', 'nobody')}) }} select 1 as id",
  'models/b.sql': "select * from {{ ref('a') }} where {{ positive('id') }}",
  'models/a.yml': `models:
  - name: a
    description: "{{ doc('about_a') }}"
    columns: [{ name: id, description: "for {{ env_var('READER', 'all') }}", data_tests: [unique] }]
`,
  'models/about.md': '{% docs about_a %}The first.{% enddocs %}',
  'macros/m.sql': '{% macro positive(column) %}{{ column }} > 0{% endmacro %}',
  'seeds/colours.csv': 'name\nred\n',
  'tests/none.sql': "select * from {{ ref('b') }} where id is null",
  'pieces/dbt_project.yml': "name: pieces\nversion: '1.0'\n",
  'pieces/macros/p.sql': '{% macro piece() %}1{% endmacro %}',
  'packages.yml': 'packages:\n  - local: pieces\n',
};

describe('the cache of the parsed manifest', () => {
  it('gives this project the same manifest to the byte, and is not written again', async () => {
    const targetPath = scratchFolder();
    const options = { projectDir: repository, targetPath };
    const plain = JSON.stringify((await read(options, false)).manifest);
    expect(JSON.stringify((await read(options)).manifest)).toBe(plain);
    const kept = statSync(join(targetPath, 'manifest_cache.json'), { bigint: true }).mtimeNs;
    expect(JSON.stringify((await read(options)).manifest)).toBe(plain);
    expect(statSync(join(targetPath, 'manifest_cache.json'), { bigint: true }).mtimeNs).toBe(kept);
  });

  it('gives what is found in it the time of the present invocation', async () => {
    project = writeProject(files);
    await read({ projectDir: project.folder });
    const later = { ...invocation, startedAt: new Date('2026-03-02T00:00:00Z') };
    const again = await read({ projectDir: project.folder }, true, later);
    expect(again.manifest).toEqual((await read({ projectDir: project.folder }, false, later)).manifest);
    expect(again.manifest.nodes['model.shop.a']?.created_at).toBe(later.startedAt.getTime() / 1000);
  });

  const edits: readonly (readonly [string, (folder: string) => void])[] = [
    ['a model is edited', (folder) => writeFileSync(join(folder, 'models/a.sql'), 'select 2 as id')],
    [
      'a model is edited without a change of its size and time',
      (folder) => {
        const path = join(folder, 'models/a.sql');
        const { atime, mtime } = statSync(path);
        writeFileSync(path, readFileSync(path, 'utf8').replace('select 1', 'select 3'));
        utimesSync(path, atime, mtime);
      },
    ],
    ['a model is added', (folder) => writeFileSync(join(folder, 'models/c.sql'), 'select 3 as id')],
    ['a model is deleted', (folder) => rmSync(join(folder, 'models/b.sql')) ?? rmSync(join(folder, 'tests/none.sql'))],
    [
      'a model is renamed',
      (folder) => {
        renameSync(join(folder, 'tests/none.sql'), join(folder, 'tests/never.sql'));
      },
    ],
    [
      'a model is moved to another folder',
      (folder) => {
        mkdirSync(join(folder, 'models/deeper'));
        renameSync(join(folder, 'models/b.sql'), join(folder, 'models/deeper/b.sql'));
      },
    ],
    ['a macro is edited', (folder) => writeFileSync(join(folder, 'macros/m.sql'), files['macros/m.sql'] + '\n{# #}')],
    [
      'a macro that names relations is added',
      (folder) =>
        writeFileSync(
          join(folder, 'macros/g.sql'),
          '{% macro generate_schema_name(custom, node) %}elsewhere{% endmacro %}',
        ),
    ],
    [
      'a properties file is edited',
      (folder) => writeFileSync(join(folder, 'models/a.yml'), files['models/a.yml'].replace('unique', 'not_null')),
    ],
    [
      'a docs block is edited',
      (folder) => writeFileSync(join(folder, 'models/about.md'), '{% docs about_a %}The best.{% enddocs %}'),
    ],
    ['a seed is edited', (folder) => writeFileSync(join(folder, 'seeds/colours.csv'), 'name\nblue\n')],
    [
      'a file of a package is edited',
      (folder) => writeFileSync(join(folder, 'pieces/macros/p.sql'), '{% macro piece() %}2{% endmacro %}'),
    ],
    [
      'chemflow.yml is edited',
      (folder) =>
        writeFileSync(
          join(folder, 'chemflow.yml'),
          files['chemflow.yml'].replace('materialized: view', 'materialized: table'),
        ),
    ],
    [
      'a sources.yml is added beside chemflow.yml',
      (folder) => writeFileSync(join(folder, 'sources.yml'), 'sources: [{ name: raw, tables: [{ name: t }] }]\n'),
    ],
  ];
  for (const [title, edit] of edits)
    it(`is missed where ${title}`, async () => {
      project = writeProject(files);
      const { folder } = project;
      const before = await read({ projectDir: folder });
      edit(folder);
      const plain = await read({ projectDir: folder }, false);
      expect(JSON.stringify(plain.manifest)).not.toBe(JSON.stringify(before.manifest));
      expect(JSON.stringify((await read({ projectDir: folder })).manifest)).toBe(JSON.stringify(plain.manifest));
    });

  const others: readonly (readonly [string, Partial<LoadOptions>])[] = [
    ['a variable of the command line', { vars: { shade: 'green' } }],
    ['an environment variable that a model reads', { env: { WHO: 'ann' } }],
    ['an environment variable that a description reads', { env: { READER: 'ann' } }],
    ['the target', { target: 'dev' }],
  ];
  for (const [title, other] of others)
    it(`is missed where ${title} has changed, and found again when it is back`, async () => {
      project = writeProject(files);
      const { folder } = project;
      const before = await read({ projectDir: folder });
      const plain = await read({ projectDir: folder, ...other }, false);
      expect(JSON.stringify(plain.manifest)).not.toBe(JSON.stringify(before.manifest));
      expect((await read({ projectDir: folder, ...other })).manifest).toEqual(plain.manifest);
      expect((await read({ projectDir: folder })).manifest).toEqual(before.manifest);
      const kept = written(folder);
      await read({ projectDir: folder });
      expect(written(folder)).toBe(kept);
    });

  it('is found though an environment variable has changed that nothing reads, and though the command is another', async () => {
    project = writeProject(files);
    const { folder } = project;
    await read({ projectDir: folder });
    const kept = written(folder);
    await read({ projectDir: folder, env: { OTHER: '1' } }, true, withFlags({ which: 'run', fullRefresh: true }));
    expect(written(folder)).toBe(kept);
  });

  it('is missed where a flag that a template reads has changed', async () => {
    project = writeProject({ 'models/a.sql': '{{ config(tags=[flags.WHICH]) }} select 1' });
    const { folder } = project;
    const tagsOf = async (which: string): Promise<readonly string[] | undefined> =>
      (await read({ projectDir: folder }, true, withFlags({ which }))).manifest.nodes['model.shop.a']?.tags;
    expect(await tagsOf('run')).toEqual(['run']);
    expect(await tagsOf('build')).toEqual(['build']);
    const kept = written(folder);
    await read({ projectDir: folder }, true, withFlags({ which: 'build', fullRefresh: true }));
    expect(written(folder)).toBe(kept);
  });

  it('is missed where an argument of the command line has changed that a template reads', async () => {
    project = writeProject({ 'models/a.sql': "{{ config(tags=[invocation_args_dict['quiet'] | string]) }} select 1" });
    const { folder } = project;
    const tagsOf = async (quiet: boolean): Promise<readonly string[] | undefined> =>
      (await read({ projectDir: folder }, true, withFlags({ args: { quiet } }))).manifest.nodes['model.shop.a']?.tags;
    expect(await tagsOf(true)).toEqual(['True']);
    expect(await tagsOf(false)).toEqual(['False']);
  });

  for (const [title, expression] of [
    ["the run's start", "run_started_at.strftime('%Y')"],
    ["the run's id", 'invocation_id'],
    ["the machine's clock", 'modules.datetime.datetime.now().year'],
    ['chance', "['a', 'b'] | random"],
    ['the variables that are put into the artifacts', 'dbt_metadata_envs | length'],
  ] as const)
    it(`is not made of a project whose templates read ${title}`, async () => {
      project = writeProject({ 'models/a.sql': `{{ config(tags=[(${expression}) | string]) }} select 1` });
      const { manifest } = await read({ projectDir: project.folder });
      expect(manifest.nodes['model.shop.a']?.tags).toHaveLength(1);
      expect(() => written(project?.folder ?? '')).toThrow(/ENOENT/);
    });

  it('is not made of a project with numbers that JSON does not have', async () => {
    project = writeProject({
      'models/a.sql': 'select 1',
      'models/a.yml': 'models: [{ name: a, meta: { most: .inf } }]',
    });
    expect((await read({ projectDir: project.folder })).manifest.nodes['model.shop.a']?.meta).toEqual({
      most: Infinity,
    });
    expect(() => written(project?.folder ?? '')).toThrow(/ENOENT/);
  });

  it('keeps no errors, and keeps to the ones of the present files', async () => {
    project = writeProject({ ...files, 'models/d.sql': "select * from {{ ref('nobody') }}" });
    const { folder } = project;
    const complaint = (): Promise<string> => read({ projectDir: folder }).then(() => 'nothing is wrong', formatError);
    expect(await complaint()).toContain('nobody');
    expect(await complaint()).toContain('nobody');
    writeFileSync(join(folder, 'models/d.sql'), 'select 4');
    expect(await complaint()).toBe('nothing is wrong');
    writeFileSync(join(folder, 'models/d.sql'), "select * from {{ ref('nobody_else') }}");
    expect(await complaint()).toContain('nobody_else');
  });

  it('tells the warnings again, and what templates log', async () => {
    project = writeProject({
      ...files,
      'models/e.sql': "{% do log('hello from e', info=true) %} select 5",
      'chemflow.yml': 'name: shop\nvars: { shade: red }\nmodels: { shop: { nowhere: { +materialized: table } } }\n',
    });
    const first = await read({ projectDir: project.folder });
    expect(first.told.join('\n')).toMatch(/hello from e[\s\S]*models\.shop\.nowhere/);
    const kept = written(project.folder);
    expect((await read({ projectDir: project.folder })).told).toEqual(first.told);
    expect(written(project.folder)).toBe(kept);
  });

  for (const [title, damage] of [
    ['cut off', (text: string) => text.slice(0, text.length - 100)],
    ['emptied', () => ''],
    ['no JSON', () => 'not a cache'],
    ['changed by a letter', (text: string) => text.replace('select 1 as id', 'select 9 as id')],
    ['of nothing but a first line', (text: string) => text.split('\n')[0] ?? ''],
  ] as const)
    it(`is made anew where its file is ${title}`, async () => {
      project = writeProject(files);
      const { folder } = project;
      const before = await read({ projectDir: folder });
      const whole = readFileSync(cacheOf(folder), 'utf8');
      writeFileSync(cacheOf(folder), damage(whole));
      expect((await read({ projectDir: folder })).manifest).toEqual(before.manifest);
      expect(readFileSync(cacheOf(folder), 'utf8')).toBe(whole);
    });

  it('holds names of environment variables, and no value of one', async () => {
    project = writeProject({
      ...files,
      'models/a.sql': "{% set unused = env_var('TOP', 'x') %} select 1 as id",
    });
    await read({ projectDir: project.folder, env: { TOP: 'classified-value', CHEMFLOW_HASH_SALT: 'grains-of-salt' } });
    const text = readFileSync(cacheOf(project.folder), 'utf8');
    expect(text).toContain('"TOP"');
    expect(text).not.toMatch(/classified-value|grains-of-salt/);
  });

  it('is not asked where it is not wanted', async () => {
    project = writeProject(files);
    const opened = await openProject({ projectDir: project.folder, env: { DBT_PARTIAL_PARSE: 'false' } });
    expect(wantsCache(opened, undefined)).toBe(false);
    expect(wantsCache(opened, true)).toBe(true);
    await read({ projectDir: project.folder }, false);
    expect(() => written(project?.folder ?? '')).toThrow(/ENOENT/);
  });
});

describe('the identity of the program', () => {
  it('changes with every file that it runs from, be it as large as before', () => {
    const root = scratchFolder();
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    };
    write('package.json', '{}');
    write('dist/bundle/cli.js', 'one');
    write('src/jinja/builtins/a.sql', 'one');
    const identity = (): string => programIdentity(root, join(root, 'dist/bundle'));
    const seen = new Set([identity(), identity()]);
    expect(seen.size).toBe(1);
    for (const name of ['dist/bundle/cli.js', 'src/jinja/builtins/a.sql', 'package.json', 'dist/bundle/new.js']) {
      const path = join(root, name);
      write(name, 'two');
      utimesSync(path, 1, 1);
      seen.add(identity());
    }
    expect(seen.size).toBe(5);
  });
});
