import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { installProjectPackages } from '../../src/project/index.js';
import { writeProject, type TestProject } from '../project/write-project.js';

let project: TestProject | undefined;
afterEach(() => project?.remove());

const files = {
  'chemflow.yml': 'name: shop\nmodels: { lib: { +schema: tools } }\nvars: { lib: { size: 2 } }\n',
  'packages.yml': 'packages:\n  - local: lib\n',
  'models/a.sql': "select * from {{ ref('days') }} where {{ lib.twice('x') }}",
  'lib/dbt_project.yml': 'name: lib\nmodels: { +materialized: table, +own_key: 1 }\n',
  'lib/models/days.sql': 'select 1',
  'lib/macros/twice.sql': '{% macro twice(x) %}{{ x }} * 2{% endmacro %}',
};

describe('packages', () => {
  it('that are local need no installation', () => {
    const manifest = (project = writeProject(files)).parse();
    expect(manifest.nodes['model.shop.a']?.depends_on).toEqual({
      nodes: ['model.lib.days'],
      macros: ['macro.lib.twice'],
    });
    expect(manifest.nodes['model.lib.days']).toMatchObject({
      schema: 'public_tools',
      config: { materialized: 'table' },
      original_file_path: 'models/days.sql',
    });
    expect(manifest.files['lib/models/days.sql']).toBe('select 1');
  });

  it('are linked by deps, and found once', () => {
    project = writeProject(files);
    const { folder } = project;
    expect(installProjectPackages({ projectDir: folder, env: {} })).toMatchObject([{ name: 'lib', from: 'lib' }]);
    expect(lstatSync(join(folder, 'dbt_packages/lib')).isSymbolicLink()).toBe(true);
    expect(installProjectPackages({ projectDir: folder, env: {} })).toHaveLength(1);
    expect(project.load().packages.map((one) => one.name)).toEqual(['lib']);
  });

  it('that would have to be fetched are refused in words', () => {
    project = writeProject({
      ...files,
      'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n',
    });
    const { folder } = project;
    expect(() => installProjectPackages({ projectDir: folder, env: {} })).toThrow('does not fetch packages yet');
    expect(project.complaint()).toContain('PACKAGES.MISSING');
  });

  it('of one name twice are an error', () => {
    project = writeProject({ ...files, 'lib/dbt_project.yml': 'name: shop\n' });
    expect(project.complaint()).toContain('CONFIG.DUPLICATE_PACKAGE');
  });
});
