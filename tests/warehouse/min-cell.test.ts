import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { determinedCells } from './min-cell/elimination.js';
import { findings, type Findings } from './min-cell/findings.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from './warehouse-under-test.js';

describe('elimination', () => {
  const relations = [
    new Map([
      ['total', 1],
      ['a', -1],
      ['b', -1],
    ]),
    new Map([
      ['b', 2],
      ['c', -1],
    ]),
  ];

  test('gives what is left of a sum, and what follows from that', () => {
    expect([...determinedCells(relations, (name) => name === 'total' || name === 'a')].toSorted()).toEqual(['b', 'c']);
  });

  test('gives nothing where two parts are unknown', () => {
    expect(determinedCells(relations, (name) => name === 'total').size).toBe(0);
  });
});

describe('min_cell 5', () => {
  let warehouse: WarehouseUnderTest;
  let found: Findings;

  beforeAll(async () => {
    warehouse = await createWarehouseUnderTest({ users: 300, seed: 3, until: '2026-03-20T12:00:00Z' });
    found = await findings(warehouse, 5);
  });
  afterAll(async () => {
    await warehouse.drop();
  });

  test('what is told is the truth', () => {
    expect(found.untrue).toEqual([]);
    expect(found.told.length).toBeGreaterThan(500);
  });

  test('no cell about one to four people is told', () => {
    expect(found.smallTold).toEqual([]);
    expect(found.small.length).toBeGreaterThan(500);
  });

  test('no such cell follows from the told ones', () => {
    expect(found.smallRecovered).toEqual([]);
  });

  test('hundreds would follow if nothing but them were hidden', () => {
    expect(found.recoveredWithoutMore.length).toBeGreaterThan(200);
  });

  test('every data test passes', async () => {
    await warehouse.chemflow('test', '--vars', '{min_cell: 5}');
  });
});
