import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildGraph, readSelectors, selectResources, type SelectionInput } from '../../src/graph/index.js';
import { tinyManifest } from './tiny-manifest.js';

const manifest = tinyManifest(
  {
    'source.shop.raw.orders': [],
    'source.shop.raw.people': [],
    'model.shop.staging.orders': ['source.shop.raw.orders'],
    'model.shop.staging.people': ['source.shop.raw.people'],
    'model.shop.marts.aggregates.retention': ['model.shop.staging.orders', 'model.shop.staging.people'],
    'model.shop.marts.board': ['model.shop.marts.aggregates.retention'],
    'model.lib.util.days': [],
    'test.shop.orders_id': ['model.shop.staging.orders'],
    'test.shop.orders_have_people': ['model.shop.staging.orders', 'model.shop.staging.people'],
  },
  {
    'model.shop.staging.orders': {
      tags: ['daily', 'raw'],
      config: { enabled: true, materialized: 'table', tags: [], meta: { team: 'x' } },
    },
    'model.shop.staging.people': { tags: ['daily'] },
    'test.shop.orders_id': { test_metadata: { name: 'unique', namespace: null, kwargs: {} } },
  },
);
const graph = buildGraph(manifest);

function select(select: string, options: Partial<SelectionInput> = {}): string {
  return selectResources({
    graph,
    manifest,
    select: [select],
    indirectSelection: 'empty',
    rootPackage: 'shop',
    ...options,
  })
    .map((id) => id.split('.').at(-1))
    .sort()
    .join(' ');
}

describe('selection', () => {
  it.each([
    ['retention', 'retention'],
    ['aggregates.retention', 'retention'],
    ['marts.aggregates.retention', 'retention'],
    ['shop.marts.aggregates.retention', 'retention'],
    ['marts', 'board retention'],
    ['staging.*', 'orders people'],
    ['*_id', 'orders_id'],
    ['path:models/marts', 'board retention'],
    ['models/marts/*.sql', 'board'],
    ['file:board.sql', 'board'],
    ['board.sql', 'board'],
    ['tag:daily', 'orders people'],
    ['tag:da*', 'orders people'],
    ['tag:daily,tag:raw', 'orders'],
    ['tag:raw board', 'board orders'],
    ['source:raw', 'orders people'],
    ['source:raw.people', 'people'],
    ['source:shop.raw.people+1', 'people people'],
    ['config.materialized:table', 'orders'],
    ['config.meta.team:x', 'orders'],
    ['resource_type:source', 'orders people'],
    ['package:lib', 'days'],
    ['test_name:unique', 'orders_id'],
    ['test_type:singular', 'orders_have_people'],
    ['+board', 'board orders orders people people retention'],
    ['1+board', 'board retention'],
    ['2+retention+1,resource_type:model', 'board orders people retention'],
    ['staging.orders+', 'board orders orders_have_people orders_id retention'],
    ['@staging.orders,resource_type:model', 'board orders people retention'],
  ])('%s', (words, expected) => {
    expect(select(words)).toBe(expected);
  });

  it('takes everything where nothing is named, and --exclude from it', () => {
    expect(selectResources({ graph, manifest, select: [] })).toHaveLength(9);
    expect(select('tag:daily', { exclude: ['staging.orders'] })).toBe('people');
  });

  it('is in build order', () => {
    const order = selectResources({ graph, manifest, select: ['+board'], resourceTypes: ['model'] });
    expect(order.at(-1)).toBe('model.shop.marts.board');
    expect(order).toHaveLength(4);
  });

  it('brings tests by the rule that is asked for', () => {
    const tests = (mode: NonNullable<SelectionInput['indirectSelection']>, words: string): string =>
      select(words, { indirectSelection: mode, resourceTypes: ['test'] });
    expect(tests('eager', 'staging.orders')).toBe('orders_have_people orders_id');
    expect(tests('cautious', 'staging.orders')).toBe('orders_id');
    expect(tests('cautious', 'staging.orders staging.people')).toBe('orders_have_people orders_id');
    expect(tests('buildable', 'retention')).toBe('');
    expect(tests('buildable', 'staging.orders')).toBe('orders_id');
    expect(tests('empty', 'staging.orders')).toBe('');
  });

  it('tells what matches nothing, with the nearest name', () => {
    const said: string[] = [];
    expect(select('retenton', { warn: (message) => said.push(message) })).toBe('');
    expect(said).toEqual(['"retenton" matches nothing; did you mean "retention"?']);
  });

  it('refuses an unknown method and broken words', () => {
    expect(() => select('tagg:daily')).toThrow('"tagg:", which does not exist');
    expect(() => select('@x+')).toThrow('both @ and a +');
    expect(() => select('tag:')).toThrow('selects nothing');
    expect(() => select('state:modified')).toThrow('not there yet');
  });

  it('knows the selectors of selectors.yml', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chemflow-selectors-'));
    writeFileSync(
      join(folder, 'selectors.yml'),
      `selectors:
  - name: nightly
    definition:
      union:
        - method: tag
          value: daily
          children: true
          children_depth: 1
        - exclude: [{ method: fqn, value: staging.orders }]
  - { name: two, definition: { intersection: [{ tag: daily }, 'tag:raw'] } }
`,
    );
    const selectors = readSelectors(folder);
    expect(select('', { select: [], selector: selectors[0] })).toBe('people retention');
    expect(select('selector:two', { selectors })).toBe('orders');
  });
});
