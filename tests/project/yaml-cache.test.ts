import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeProject, type TestProject } from './write-project.js';

let project: TestProject | undefined;
afterEach(() => project?.remove());

const yaml = (name: string): string =>
  `models:\n  - name: a\n    columns:\n      - name: ${name}\n        data_tests: [unique]\n`;

describe('the cache of YAML files', () => {
  it('gives the same manifest, with the same lines, as the files themselves', () => {
    project = writeProject({ 'models/a.sql': 'select 1', 'models/a.yml': yaml('id') });
    const first = project.parse();
    expect(existsSync(join(project.folder, 'target/yaml_cache.json'))).toBe(true);
    const second = project.parse();
    expect(second).toEqual(first);
    expect(Object.values(second.nodes).find((node) => node.resource_type === 'test')?.line).toBe(5);
  });

  it('is missed by a changed file, and ignored where it is broken', () => {
    project = writeProject({ 'models/a.sql': 'select 1', 'models/a.yml': yaml('id') });
    project.parse();
    writeFileSync(join(project.folder, 'models/a.yml'), yaml('other'));
    expect(Object.keys(project.parse().nodes)).toContainEqual(expect.stringContaining('unique_a_other'));
    const cache = join(project.folder, 'target/yaml_cache.json');
    expect(readFileSync(cache, 'utf8')).not.toContain('"id"');
    writeFileSync(cache, '{');
    expect(Object.keys(project.parse().nodes)).toHaveLength(2);
  });

  it('still gives an error its place', () => {
    project = writeProject({ 'models/a.sql': 'select 1', 'models/a.yml': yaml('id').replace('unique', 'uniqe') });
    const said = project.complaint();
    expect(said).toContain('at models/a.yml:5:22');
    expect(project.complaint()).toBe(said);
  });
});
