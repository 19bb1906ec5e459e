import { describe, expect, it } from 'vitest';
import { buildGraph, findCircles } from '../../src/graph/index.js';
import { tinyManifest } from './tiny-manifest.js';

// a -> b -> d, a -> c -> d, d -> e; a test of b, and one of b and c.
const manifest = tinyManifest({
  'model.p.e': ['model.p.d'],
  'model.p.d': ['model.p.b', 'model.p.c'],
  'model.p.c': ['model.p.a'],
  'model.p.b': ['model.p.a'],
  'model.p.a': [],
  'test.p.of_b': ['model.p.b'],
  'test.p.of_b_and_c': ['model.p.b', 'model.p.c'],
});
const ids = (letters: string): string[] => [...letters].map((letter) => `model.p.${letter}`);

describe('the graph', () => {
  const graph = buildGraph(manifest);

  it('orders parents before children, the same for any order of asking', () => {
    const order = graph.order(ids('edcba'));
    expect(order).toEqual(graph.order(ids('abcde')));
    expect(order[0]).toBe('model.p.a');
    expect(order.slice(-2)).toEqual(ids('de'));
  });

  it('knows ancestors and descendants to a depth', () => {
    expect([...graph.ancestors('model.p.e', 2)].sort()).toEqual(ids('bcd'));
    expect([...graph.descendants('model.p.a', 1)].sort()).toEqual(ids('bc'));
    expect(graph.ancestors('model.p.nothing').size).toBe(0);
  });

  it('measures the longest way down among the ids, through what is not among them', () => {
    expect(Object.fromEntries(graph.longestPath(ids('abe')))).toEqual({
      'model.p.a': 3,
      'model.p.b': 2,
      'model.p.e': 1,
    });
  });

  it('keeps the order of ids whose connection is not among them', () => {
    const dependencies = graph.dependenciesAmong(ids('ae'));
    expect([...(dependencies.get('model.p.e') ?? [])]).toEqual(['model.p.a']);
  });

  it('lets a test hold back what follows from all that it reads, and nothing else', () => {
    const dependencies = graph.dependenciesAmong([...ids('abcde'), 'test.p.of_b', 'test.p.of_b_and_c'], {
      testsGate: true,
    });
    expect([...(dependencies.get('model.p.d') ?? [])].sort()).toEqual([
      ...ids('bc'),
      'test.p.of_b',
      'test.p.of_b_and_c',
    ]);
    expect([...(dependencies.get('model.p.c') ?? [])]).toEqual(ids('a'));
    expect([...(dependencies.get('test.p.of_b') ?? [])]).toEqual(ids('b'));
  });

  it('names a circle as a path', () => {
    const circular = tinyManifest({
      'model.p.a': ['model.p.c'],
      'model.p.b': ['model.p.a'],
      'model.p.c': ['model.p.b'],
    });
    expect(() => buildGraph(circular)).toThrow('a -> c -> b -> a');
    expect(() => buildGraph(tinyManifest({ 'model.p.a': ['model.p.a'] }))).toThrow('a reads from itself.');
  });

  it('finds a circle of ten thousand steps', () => {
    const parents = new Map(
      Array.from({ length: 10_000 }, (_, index) => [String(index), [String((index + 1) % 10_000)]]),
    );
    expect(findCircles(parents)[0]).toHaveLength(10_001);
  });
});
