import type { WarehouseUnderTest } from '../warehouse-under-test.js';
import { readAggregates } from './cells.js';
import { determinedCells } from './elimination.js';
import { peopleBehind } from './people.js';
import { relationsOf } from './relations.js';

/** What a reader of a warehouse with min_cell can find out; lists of names of cells. */
export interface Findings {
  /** All that is told. */
  readonly told: readonly string[];
  /** Told otherwise than with everything told. */
  readonly untrue: readonly string[];
  /** Cells about fewer people than min_cell. */
  readonly small: readonly string[];
  readonly smallTold: readonly string[];
  /** Small cells that follow from the told ones. */
  readonly smallRecovered: readonly string[];
  /** Small cells that would follow if nothing but small cells were hidden. */
  readonly recoveredWithoutMore: readonly string[];
}

/** Builds the warehouse with everything told, then its aggregates with `minCell`, and compares. */
export async function findings(warehouse: WarehouseUnderTest, minCell: number): Promise<Findings> {
  await warehouse.chemflow('run');
  const truth = await readAggregates(warehouse);
  const people = await peopleBehind(warehouse, truth);
  await warehouse.chemflow('run', '--select', 'aggregates.*', '--vars', `{min_cell: ${minCell}}`);
  const { told } = await readAggregates(warehouse);
  const isSmall = (name: string): boolean => {
    const number = people.get(name) ?? 0;
    return number > 0 && number < minCell;
  };
  const recovered = (isTold: (name: string) => boolean): string[] =>
    [...determinedCells(relationsOf(truth, isTold), isTold)].filter(isSmall);
  return {
    told: [...told.keys()],
    untrue: [...told.keys()].filter((name) => told.get(name) !== truth.told.get(name)),
    small: [...truth.told.keys()].filter(isSmall),
    smallTold: [...told.keys()].filter(isSmall),
    smallRecovered: recovered((name) => told.has(name)),
    recoveredWithoutMore: recovered((name) => truth.told.has(name) && !isSmall(name)),
  };
}
