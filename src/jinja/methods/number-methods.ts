import type { PyFloat } from '../values/float.js';
import { isFloat, toNumber } from '../values/numbers.js';
import { method, type Method } from './method.js';

type Numeric = number | bigint | boolean | PyFloat;

/** The methods of int, float and bool. */
export const numberMethods: ReadonlyMap<string, Method<Numeric>> = new Map<string, Method<Numeric>>([
  ['is_integer', method('is_integer', [], 0, (self: Numeric) => !isFloat(self) || Number.isInteger(toNumber(self)))],
  [
    'bit_length',
    method('bit_length', [], 0, (self: Numeric) => BigInt(toNumber(self)).toString(2).replace('-', '').length),
  ],
]);
