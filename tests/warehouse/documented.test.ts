import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProject, parseProject } from '../../src/project/index.js';

const projectDir = join(import.meta.dirname, '../..');
const project = loadProject({ projectDir, env: {} });
const manifest = parseProject(project, {
  id: '00000000-0000-4000-8000-000000000000',
  startedAt: new Date(),
  flags: {
    which: 'parse',
    fullRefresh: false,
    failFast: false,
    storeFailures: false,
    empty: false,
    threads: 1,
    args: {},
  },
});
const blank = (text: string): boolean => text.trim() === '';

test('every model, seed and snapshot says what it is, and what each of its columns is', () => {
  const nodes = Object.values(manifest.nodes).filter((node) =>
    ['model', 'seed', 'snapshot'].includes(node.resource_type),
  );
  expect(nodes.length).toBeGreaterThan(10);
  const silent = nodes.flatMap((node) => [
    ...(blank(node.description) ? [node.unique_id] : []),
    ...(Object.keys(node.columns).length === 0 ? [`${node.unique_id} has no columns`] : []),
    ...Object.values(node.columns).flatMap((column) =>
      blank(column.description) ? [`${node.unique_id}.${column.name}`] : [],
    ),
  ]);
  expect(silent).toEqual([]);
});

test('every source table says what it is, and what each of its columns is', () => {
  const tables = Object.values(manifest.sources);
  expect(tables.filter((table) => table.connection !== null)).toHaveLength(26);
  const silent = tables.flatMap((table) => [
    ...(blank(table.description) ? [table.unique_id] : []),
    ...Object.values(table.columns).flatMap((column) =>
      blank(column.description) ? [`${table.unique_id}.${column.name}`] : [],
    ),
  ]);
  expect(silent).toEqual([]);
});

test('every macro of the project says what it gives', () => {
  const macros = Object.values(manifest.macros).filter((macro) => macro.package_name === project.root.name);
  expect(macros.length).toBeGreaterThan(5);
  expect(macros.filter((macro) => blank(macro.description)).map((macro) => macro.name)).toEqual([]);
});

const searchForPeople = 'test.chemlink.no_personal_data_beyond_staging';

test('every model that is a relation has a data test', () => {
  const tested = new Set(
    Object.values(manifest.nodes).flatMap((node) =>
      node.resource_type === 'test' && node.unique_id !== searchForPeople ? node.depends_on.nodes : [],
    ),
  );
  const untested = Object.values(manifest.nodes).filter(
    (node) => node.resource_type === 'model' && node.config.materialized !== 'ephemeral' && !tested.has(node.unique_id),
  );
  expect(untested.map((node) => node.unique_id)).toEqual([]);
});

test('the search for personal data comes after every model that no other reads', () => {
  const searched = new Set(manifest.nodes[searchForPeople]?.depends_on.nodes);
  const models = Object.values(manifest.nodes).filter(
    (node) => node.resource_type === 'model' && node.config.materialized !== 'ephemeral',
  );
  const read = new Set(models.flatMap((node) => node.depends_on.nodes));
  const late = models.filter((node) => node.schema !== 'staging' && !read.has(node.unique_id));
  expect(late.length).toBeGreaterThan(20);
  expect(late.map((node) => node.unique_id).filter((id) => !searched.has(id))).toEqual([]);
});
