import { describe, expect, it } from 'vitest';
import { createLater } from '../../src/util/later.js';

describe('later', () => {
  it('does what was added after the present work, in order', async () => {
    const done: number[] = [];
    const later = createLater();
    for (const number of [1, 2, 3]) later.add(() => done.push(number));
    expect(done).toEqual([]);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual([1, 2, 3]);
  });

  it('does at once what is left when it is flushed, and then throws the first error', async () => {
    const done: number[] = [];
    const later = createLater();
    later.add(() => {
      throw new Error('no room');
    });
    await new Promise((resolve) => setImmediate(resolve));
    later.add(() => done.push(2));
    expect(() => {
      later.flush();
    }).toThrow('no room');
    expect(done).toEqual([2]);
  });
});
