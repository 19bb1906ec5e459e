import { day, formatDate, formatInstant, hour, minute, second, type Instant } from '../util/instant.js';
import { countAround, integerBetween, pick, randomFor, uuidFor, type Random } from '../util/random.js';
import type { CopyValue } from '../util/copy-text.js';
import { dimensionKey } from './dimension-tables.js';
import { planPerson, type Person } from './people.js';
import { stampColumns, stamps, type SampleTable } from './sample-table.js';
import { canaries, freeText, headline, personName, typedDate } from './texts.js';
import type { World } from './world.js';

const mailHosts = ['mail.example', 'Post.Example', 'chem.example.org', 'uni.example.edu', 'example.net'];

function mixedCase(text: string, random: Random): string {
  return random() < 0.15 ? text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : text;
}

/** A person's e-mail: test accounts by the patterns of the seed, mixed case, shared ones, blanks, one without an @. */
export function emailOf(person: Pick<Person, 'kind' | 'canary' | 'number'>, random: Random): string | null {
  const { number } = person;
  const canary = canaries[person.canary];
  if (canary !== undefined) return canary.email;
  if (person.kind === 'ghost') {
    return random() < 0.3 ? `Ghost.${number}@ChemLink.example` : `ghost.${number}@mail.example`;
  }
  if (person.kind === 'tester') {
    return random() < 0.5 ? `qa-${number}@Test.ChemLink.Example` : `dev.${number}+test@mail.example`;
  }
  const draw = random();
  if (draw < 0.01) return '';
  if (draw < 0.014) return ' \t';
  if (draw < 0.024) return null;
  if (draw < 0.03) return `ghostwriter${number}@mail.example`;
  if (draw < 0.05) return mixedCase(`family${Math.floor(number / 300)}@shared.example`, random);
  if (number % 1999 === 11) return 'no-address-at-all';
  return mixedCase(`user${number}.${pick(random, ['a', 'lab', 'x'])}@${pick(random, mailHosts)}`, random);
}

/** How completely the person filled the profile in: finders and lively people more. */
const completeness = (person: Person): number =>
  ({ finder: 0.9, lively: 0.85, returning: 0.7, curious: 0.6, ghost: 0.3, tester: 0.3, idle: 0.45 })[person.kind];

const blankOr = (random: Random, share: number, value: string): string | null => {
  const draw = random();
  if (draw < share) return value;
  return draw < share + 0.04 ? pick(random, ['', ' ', '\t']) : null;
};

/** A row of persons; its values stand as {@link personColumns}. */
export function personRow(world: World, person: Person): CopyValue[] {
  const random = randomFor(world.seed, 'persons', person.number);
  const canary = canaries[person.canary];
  const drawn = personName(random);
  const fullness = completeness(person);
  const first = canary?.first ?? blankOr(random, 0.94, drawn.first);
  const last = canary?.last ?? blankOr(random, 0.9, drawn.last);
  const email = emailOf(person, random);
  const linkedIn = blankOr(random, fullness * 0.6, `https://linkedin.example/in/user-${person.number}`);
  const typed = headline(random);
  const words = canary?.headline ?? (random() < fullness + 0.3 ? typed : null);
  const finder = person.kind === 'finder' ? true : pick(random, [false, false, null]);
  return [
    person.id,
    person.personId,
    uuidFor(world.seed, 'chemlink_id', person.number),
    random() < 0.9 ? uuidFor(world.seed, 'kratos_id', person.number) : null,
    random() < 0.3 ? uuidFor(world.seed, 'hydra_id', person.number) : null,
    [first, last].filter((part) => part !== null && part.trim() !== '').join(' '),
    first,
    random() < 0.1 ? drawn.first.slice(0, 1) : null,
    last,
    email,
    random() < 0.05 ? `second.${person.number}@mail.example` : null,
    canary?.phone ?? (random() < 0.3 ? `15${String(integerBetween(random, 10_000_000, 99_999_999))}` : null),
    random() < 0.3 ? '+49' : null,
    random() < 0.2 ? `pictures/${person.number}.jpg` : null,
    canary?.url ?? linkedIn,
    words,
    canary?.text ?? (random() < 0.2 ? freeText(random) : null),
    random() < 0.15 ? freeText(random) : null,
    dimensionKey(world, 'locations', random, 1 - fullness),
    dimensionKey(world, 'companies', random, 0.5),
    dimensionKey(world, 'roles', random, 0.5),
    finder,
    pick(random, ['{}', 'null', null, '{"theme": "dark", "tags": ["a\\"b", "\\u00e9"]}', '{"steps": 3}']),
    formatInstant(person.signedUpAt),
    formatInstant(person.updatedAt),
    person.deletedAt === null ? null : formatInstant(person.deletedAt),
  ];
}

/** A table with a few rows for most people, and rows of people who are gone. */
function childTable(
  name: string,
  columns: readonly string[],
  mean: (person: Person) => number,
  values: (world: World, random: Random) => readonly CopyValue[],
): SampleTable {
  return {
    name,
    columns: ['id', 'person_id', ...columns, ...stampColumns],
    *rows(world) {
      let id = 0;
      const row = (personId: number | null, created: Instant, random: Random): CopyValue[] => [
        ++id,
        personId,
        ...values(world, random),
        ...stamps(world, created, random, 0.06),
      ];
      for (let number = 0; number < world.users; number += 1) {
        const person = planPerson(world, number);
        const random = randomFor(world.seed, name, number);
        const count = Math.min(8, countAround(random, mean(person)));
        for (let index = 0; index < count; index += 1) {
          const wait = random() < 0.8 ? integerBetween(random, second, hour) : integerBetween(random, hour, 80 * day);
          yield row(person.id, person.signedUpAt + wait, random);
        }
      }
      const orphans = Math.max(3, Math.round(world.users / 300));
      for (let index = 0; index < orphans; index += 1) {
        const random = randomFor(world.seed, name, 'orphan', index);
        const gone = index === 0 ? null : world.users + 1_000_000 + index;
        yield row(gone, world.until - integerBetween(random, minute, 120 * day), random);
      }
    },
  };
}

const vector = (random: Random): string =>
  `{${Array.from({ length: 4 }, () => (random() * 2 - 1).toFixed(4)).join(',')}}`;

/** The columns of chemlink.persons. */
export const personColumns: readonly string[] = [
  ...['id', 'person_id', 'chemlink_id', 'kratos_id', 'hydra_id', 'name', 'first_name', 'middle_name', 'last_name'],
  ...['email', 'secondary_email', 'mobile_number', 'mobile_number_country_code', 'profile_picture'],
  ...['linked_in_url', 'headline_description', 'career_goals', 'business_experience_summary'],
  ...['location_id', 'company_id', 'role_id', 'has_finder', 'profile', ...stampColumns],
];

/** People and what belongs to their profiles. */
export const profileTables: readonly SampleTable[] = [
  {
    name: 'persons',
    columns: personColumns,
    *rows(world) {
      for (let number = 0; number < world.users; number += 1) yield personRow(world, planPerson(world, number));
    },
  },
  childTable(
    'experiences',
    ['company_id', 'role_id', 'project_id', 'location_id', 'description', 'type', 'start_date', 'end_date', 'city'],
    (person) => completeness(person) * 1.6,
    (world, random) => [
      dimensionKey(world, 'companies', random, 0.1),
      dimensionKey(world, 'roles', random, 0.1),
      dimensionKey(world, 'projects', random, 0.7),
      dimensionKey(world, 'locations', random, 0.4),
      random() < 0.4 ? freeText(random) : pick(random, ['', null]),
      pick(random, ['WORK', 'PROJECT', null]),
      typedDate(random, false),
      typedDate(random, true),
      pick(random, ['Berlin', 'Pune', '', null]),
    ],
  ),
  childTable(
    'education',
    ['school_id', 'degree_id', 'field_of_study', 'start_date', 'end_date', 'description'],
    (person) => completeness(person) * 1.1,
    (world, random) => [
      dimensionKey(world, 'schools', random, 0.05),
      dimensionKey(world, 'degrees', random, 0.1),
      pick(random, ['Chemistry', 'Chimie', '化学', '', null]),
      typedDate(random, false),
      typedDate(random, true),
      random() < 0.2 ? freeText(random) : null,
    ],
  ),
  childTable(
    'person_languages',
    ['language_id', 'proficiency'],
    (person) => completeness(person) * 1.3,
    (world, random) => [dimensionKey(world, 'languages', random), pick(random, ['native', 'fluent', 'basic', null])],
  ),
  childTable(
    'embeddings',
    ['embedded_text', 'embedded_vector', 'type', 'start_date', 'end_date', 'score_multiplier'],
    (person) => completeness(person) * 0.7,
    (world, random) => [
      freeText(random),
      vector(random),
      pick(random, ['summary', 'experience', 'education']),
      random() < 0.5 ? formatDate(world.until - integerBetween(random, 0, 3000 * day)) : null,
      random() < 0.3 ? formatDate(world.until) : null,
      pick(random, ['1.0', '1.25', '', null]),
    ],
  ),
];
