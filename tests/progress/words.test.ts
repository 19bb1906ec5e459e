import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../src/progress/index.js';
import { jsonLine } from '../../src/progress/json-log.js';

describe('a duration', () => {
  it.each([
    [50, '0.05s'],
    [12_300, '12.3s'],
    [125_000, '2m 05s'],
    [12_000_000, '3h 20m'],
    [367_200_000, '4d 06h'],
  ])('of %i ms is %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('the JSON log', () => {
  it('says in words what happened', () => {
    const line = jsonLine('x', { kind: 'node-start', id: 'model.a.b', label: 'table w.b', index: 1, total: 2 });
    expect(JSON.parse(line)).toMatchObject({
      info: { name: 'LogStartLine', msg: 'START table w.b' },
      data: { index: 1 },
    });
  });
});
