import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chemflowYml, openExportProject, type ExportProject } from './export-project.js';

const exportsYml = `exports:
  - { select: [a, b], format: jsonl, out: out/both }
  - { select: c, format: csv, out: out/alone }
`;

describe('the exports of chemflow.yml', () => {
  let shop: ExportProject;
  const dataFiles = (): string[] =>
    existsSync(join(shop.project.folder, 'out'))
      ? readdirSync(join(shop.project.folder, 'out'), { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.\w\.(jsonl|csv)$/.test(name))
          .sort()
      : [];

  beforeAll(async () => {
    shop = await openExportProject(
      {
        'chemflow.yml': chemflowYml + exportsYml,
        'models/a.sql': 'select * from raw.a\n',
        'models/b.sql': `{{ config(materialized='table') }}\nselect 1 / n as n from raw.a\n`,
        'models/c.sql': 'select n from raw.a\n',
      },
      'create table raw.a as select 1 as n',
    );
  });
  beforeEach(() => {
    rmSync(join(shop.project.folder, 'out'), { recursive: true, force: true });
  });
  afterAll(() => shop.remove());

  it('end a run', async () => {
    const ended = await shop.project.call(['run']);
    expect(ended.exitCode).toBe(0);
    expect(dataFiles()).toEqual(['alone/public.c.csv', 'both/public.a.jsonl', 'both/public.b.jsonl']);
    expect(shop.read('out/both/public.a.jsonl')).toBe('{"n":1}\n');
  });

  it('end a build too, but for what failed a test in it', async () => {
    shop.project.write({
      'models/tested.yml': `version: 2\nmodels:\n  - { name: a, columns: [{ name: n, data_tests: [{ accepted_values: { arguments: { values: [1] } } }] }] }\n`,
    });
    expect((await shop.project.call(['build'])).exitCode).toBe(0);
    expect(dataFiles()).toEqual(['alone/public.c.csv', 'both/public.a.jsonl', 'both/public.b.jsonl']);
    rmSync(join(shop.project.folder, 'out'), { recursive: true });
    await shop.sql('update raw.a set n = 2');
    const ended = await shop.project.call(['build']);
    await shop.sql('update raw.a set n = 1');
    shop.project.write({ 'models/tested.yml': 'version: 2\n' });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('a b is not exported to out/both: a test of a failed.');
    expect(dataFiles()).toEqual(['alone/public.c.csv']);
  });

  it('are narrowed by what a run selects', async () => {
    expect((await shop.project.call(['run', '--select', 'a'])).exitCode).toBe(0);
    expect(dataFiles()).toEqual(['both/public.a.jsonl']);
  });

  it('are left out where something that they select was not built', async () => {
    await shop.sql('update raw.a set n = 0');
    const ended = await shop.project.call(['run']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('a b is not exported to out/both: b was not built.');
    expect(dataFiles()).toEqual(['alone/public.c.csv']);
    await shop.sql('update raw.a set n = 1');
  });

  it('make a run end with exit code 1 where they fail, and say why', async () => {
    shop.project.write({ 'out/both': 'a file where the folder should be' });
    const ended = await shop.project.call(['run', '--select', 'a']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('EXPORT.WRITE');
    const { stdout } = await shop.project.call(['history', '--limit', '1', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject([{ status: 'failure' }]);
  });

  it('are what chemflow export writes without a choice, in the format that it is given', async () => {
    expect((await shop.project.call(['run', '--select', 'a'])).exitCode).toBe(0);
    rmSync(join(shop.project.folder, 'out'), { recursive: true, force: true });
    expect((await shop.project.call(['export'])).exitCode).toBe(0);
    expect(dataFiles()).toEqual(['alone/public.c.csv', 'both/public.a.jsonl', 'both/public.b.jsonl']);
    expect((await shop.project.call(['export', '--format', 'csv', '--out', 'out/all'])).exitCode).toBe(0);
    expect(dataFiles().filter((name) => name.startsWith('all/'))).toEqual([
      'all/public.a.csv',
      'all/public.b.csv',
      'all/public.c.csv',
    ]);
  });

  it('are checked when the project is read, each mistake at its place', async () => {
    shop.project.write({
      'chemflow.yml': `${chemflowYml}exports:\n  - { select: a, fromat: csv, split: 1 }\n  - { format: parqet }\n`,
    });
    const ended = await shop.project.call(['parse']);
    shop.project.write({ 'chemflow.yml': chemflowYml + exportsYml });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('"fromat" is no key of an export');
    expect(ended.stderr).toContain('chemflow.yml:7:');
    expect(ended.stderr).toContain('"split" of an export must be true or false');
    expect(ended.stderr).toContain('An export must say what it selects.');
    expect(ended.stderr).toContain('did you mean "parquet"?');
  });
});
