import { day, formatInstant } from '../util/instant.js';
import { integerBetween, pick, randomFor, type Random } from '../util/random.js';
import type { CopyValue } from '../util/copy-text.js';
import { stampColumns, type SampleTable } from './sample-table.js';
import { freeText } from './texts.js';
import type { World } from './world.js';

const places: readonly (readonly [string | null, string | null])[] = [
  ['Germany', 'Berlin'],
  ['Germany', 'Ludwigshafen'],
  ['Germany', 'München'],
  ['United States', 'Houston'],
  ['United States', 'Boston'],
  ['India', 'Mumbai'],
  ['India', 'Hyderabad'],
  ['China', '上海'],
  ['Japan', '東京'],
  ['Brazil', 'São Paulo'],
  ['United Kingdom', 'Leeds'],
  ['France', 'Lyon'],
  ['Netherlands', 'Rotterdam'],
  ['Switzerland', 'Basel'],
  ['Nigeria', 'Lagos'],
  ['United Arab Emirates', 'Dubai'],
  ["Côte d'Ivoire", 'Abidjan'],
  ['Türkiye', 'İzmir'],
  ['', 'Nowhere'],
  ['  ', null],
  [null, 'Atlantis'],
];

const companyParts = [
  ['Nova', 'Blue', 'Rhein', 'Helio', 'Quanta', 'Terra', 'Omni', 'Alpha', 'Catalyx', 'Lumen'],
  ['chem', 'Polymers', 'Labs', 'Pharma', 'Reactors', 'Materials', 'Biotech', 'Coatings', 'Solvents', 'Analytics'],
  ['GmbH', 'Inc.', 'Ltd', 'S.A.', '株式会社', '& Sons', '"Group"', 'AG'],
] as const;

const roleTitles = [
  'Chemist',
  'Process Engineer',
  'Lab Head',
  'Quality Manager',
  'Founder',
  'Professor',
  'Buyer',
  'CTO',
];
const levels = ['Junior', 'Senior', 'Principal', 'Interim', 'Head of'];
const fields = ['Chemistry', 'Chemical Engineering', 'Biochemistry', 'Materials Science', 'Physics', 'Business'];
const degreeTypes = ['Bachelor', 'Master', 'Doctorate', 'Diploma', '', null];
const tongues: readonly (readonly [string, string])[] = [
  ['English', 'en'],
  ['Deutsch', 'de'],
  ['Français', 'fr'],
  ['Español', 'es'],
  ['中文', 'zh'],
  ['العربية', 'ar'],
  ['हिन्दी', 'hi'],
  ['Português', 'pt'],
  ['Русский', 'ru'],
  ['日本語', 'ja'],
];

/** How many rows the dimensions have. */
export function dimensionSizes(world: World): Readonly<Record<string, number>> {
  const scaled = (share: number, least: number): number =>
    Math.max(least, Math.min(50_000, Math.ceil(world.users * share)));
  return {
    locations: places.length,
    companies: scaled(0.1, 30),
    roles: scaled(0.02, 24),
    projects: scaled(0.05, 20),
    schools: scaled(0.04, 25),
    degrees: fields.length * degreeTypes.length,
    languages: tongues.length,
  };
}

/** A random key of a dimension, null for the part `empty`. */
export function dimensionKey(world: World, name: string, random: Random, empty = 0): number | null {
  if (random() < empty) return null;
  return integerBetween(random, 1, dimensionSizes(world)[name] ?? 1);
}

function dimension(
  name: string,
  columns: readonly string[],
  values: (number: number, random: Random) => readonly CopyValue[],
): SampleTable {
  return {
    name,
    columns: ['id', ...columns, ...stampColumns],
    *rows(world) {
      const start = (world.months[0]?.from ?? world.until) - 200 * day;
      const size = dimensionSizes(world)[name] ?? 0;
      for (let number = 0; number < size; number += 1) {
        const random = randomFor(world.seed, name, number);
        const created = formatInstant(start + integerBetween(random, 0, 190 * day));
        const deleted = random() < 0.04 ? formatInstant(world.until - integerBetween(random, day, 60 * day)) : null;
        yield [number + 1, ...values(number, random), created, deleted ?? created, deleted];
      }
    },
  };
}

const companyName = (random: Random): string =>
  `${pick(random, companyParts[0])}${pick(random, companyParts[1])} ${pick(random, companyParts[2])}`;

/** The tables that others refer to. */
export const dimensionTables: readonly SampleTable[] = [
  dimension('locations', ['country', 'city'], (number) => places[number] ?? [null, null]),
  dimension('companies', ['name', 'description'], (number, random) => [
    // Two companies may have one name, one has none.
    number % 29 === 28 ? pick(random, ['', null, '   ']) : companyName(random),
    random() < 0.5 ? freeText(random) : null,
  ]),
  dimension('roles', ['title', 'description'], (number, random) => [
    number % 23 === 22 ? ' ' : `${number < 8 ? '' : `${pick(random, levels)} `}${pick(random, roleTitles)}`,
    null,
  ]),
  dimension('projects', ['name', 'description'], (number, random) => [
    `Project ${number + 1} ${pick(random, companyParts[0])}`,
    freeText(random),
  ]),
  dimension('schools', ['name', 'location'], (number, random) => [
    number % 24 === 23
      ? null
      : `University of ${pick(random, places)[1] ?? 'Nowhere'}${number > 20 ? ` ${number}` : ''}`,
    pick(random, places)[0],
  ]),
  dimension('degrees', ['name', 'type'], (number) => [
    fields[number % fields.length],
    degreeTypes[Math.floor(number / fields.length)],
  ]),
  dimension('languages', ['name', 'code'], (number) => tongues[number] ?? [null, null]),
];
