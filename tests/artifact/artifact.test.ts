import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  codePath,
  createManifestDrafts,
  writeCompiled,
  writeManifest,
  writeRunResults,
} from '../../src/artifact/index.js';
import { invocation, writeProject, type TestProject } from '../project/write-project.js';

let project: TestProject | undefined;
afterEach(() => project?.remove());

const files = {
  'models/core/a.sql': 'select 1 as id',
  'models/core/b.sql': "select * from {{ ref('a') }}",
  'models/core/core.yml': 'models: [{ name: a, columns: [{ name: id, data_tests: [unique] }] }]',
};

describe('artifacts', () => {
  it('are the same manifest with texts that were drafted beforehand', async () => {
    project = writeProject(files);
    const loaded = project.load({ env: { CHEMFLOW_HASH_SALT: 'pepper-salt' } });
    const manifest = project.parse();
    const input = { project: loaded, manifest, invocation, compiled: new Map([['model.shop.a', 'select 1 as id']]) };
    const written = (drafts?: ReturnType<typeof createManifestDrafts>): unknown =>
      JSON.parse(readFileSync(writeManifest({ ...input, drafts }), 'utf8'), (key, value: unknown) =>
        key === 'generated_at' ? null : value,
      );
    const drafts = createManifestDrafts(manifest);
    drafts.begin();
    await new Promise((resolve) => setTimeout(resolve, 50));
    drafts.stop();
    expect(written(drafts)).toEqual(written());
  });

  it('are a manifest as dbt writes it', () => {
    project = writeProject(files);
    const loaded = project.load({ env: { CHEMFLOW_HASH_SALT: 'pepper-salt', DBT_ENV_CUSTOM_ENV_TEAM: 'x' } });
    const manifest = project.parse();
    const text = readFileSync(
      writeManifest({ project: loaded, manifest, invocation, compiled: new Map([['model.shop.a', 'select 1 as id']]) }),
      'utf8',
    );
    const document = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(document['metadata']).toMatchObject({
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      project_name: 'shop',
      adapter_type: 'postgres',
      env: { TEAM: 'x' },
    });
    expect(document['parent_map']?.['model.shop.b']).toEqual(['model.shop.a']);
    expect(document['child_map']?.['model.shop.a']).toEqual([
      'model.shop.b',
      expect.stringMatching(/^test\.shop\.unique_a_id\.[0-9a-f]{10}$/),
    ]);
    expect(document['nodes']?.['model.shop.a']).toMatchObject({
      compiled: true,
      compiled_code: 'select 1 as id',
      compiled_path: 'target/compiled/shop/models/core/a.sql',
    });
    expect(text).not.toContain('pepper-salt');
    expect(readdirSync(loaded.targetPath).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are compiled files beside their names', () => {
    project = writeProject(files);
    const manifest = project.parse();
    const model = manifest.nodes['model.shop.a']!;
    const test = Object.values(manifest.nodes).find((node) => node.resource_type === 'test')!;
    expect(codePath(test)).toBe('shop/models/core/core.yml/unique_a_id.sql');
    const path = writeCompiled(project.load(), model, 'select 2');
    expect(path.endsWith('target/compiled/shop/models/core/a.sql')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('select 2\n');
    for (const sql of ['select 3', 'select 3000 as "größer"', 'select 4']) {
      writeCompiled(project.load(), model, sql);
      expect(readFileSync(path, 'utf8')).toBe(`${sql}\n`);
    }
  });

  it('are run results with their times, and no secret argument', () => {
    project = writeProject(files);
    const loaded = project.load({ vars: { day: 1, api_token: 'hidden-token' } });
    const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 0, 0, second));
    const path = writeRunResults({
      project: loaded,
      invocation,
      elapsedSeconds: 3,
      results: [
        {
          id: 'model.shop.a',
          status: 'success',
          message: 'SELECT 1',
          rowsAffected: 1,
          failures: null,
          startedAt: at(0),
          compiledAt: at(1),
          endedAt: at(3),
          threadId: 'Thread-1',
          adapterResponse: {},
          relationName: '"a"',
          compiledCode: 'select 1',
        },
      ],
    });
    const text = readFileSync(path, 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json' },
      results: [
        {
          unique_id: 'model.shop.a',
          status: 'success',
          execution_time: 3,
          timing: [{ name: 'compile' }, { name: 'execute' }],
        },
      ],
      args: { which: 'parse', vars: { day: 1, api_token: '*****' } },
    });
    expect(text).not.toContain('hidden-token');
    expect(existsSync(join(loaded.targetPath, 'manifest.json'))).toBe(false);
  });
});
