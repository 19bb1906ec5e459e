import { dumpJson } from '../values/dump-json.js';
import { toNumber, isNumeric } from '../values/numbers.js';
import { filter, type Filter } from './filter.js';

const unsafe: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' };

/** Jinja's own `tojson`: keys in order, and what HTML reads escaped (dbt's function of that name does neither). */
export const jsonFilters: readonly (readonly [string, Filter])[] = [
  filter('tojson', ['indent'], (value, [indent]) => {
    const width = indent !== undefined && indent !== null && isNumeric(indent) ? toNumber(indent) : null;
    return dumpJson(value, { sortKeys: true, indent: width }).replace(
      /[<>&']/g,
      (character) => unsafe[character] ?? character,
    );
  }),
];
