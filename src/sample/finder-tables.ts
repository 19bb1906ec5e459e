import { day, formatInstant, hour, minute, type Instant } from '../util/instant.js';
import { integerBetween, pick, randomFor, uuidFor, type Random } from '../util/random.js';
import type { CopyValue } from '../util/copy-text.js';
import { momentsOf, type Deed } from './activities.js';
import { planPerson } from './people.js';
import { stampColumns, stamps, type SampleTable } from './sample-table.js';
import { canaries, freeText } from './texts.js';
import type { World } from './world.js';

/** One deed of somebody: `id` counts the table's rows; `personId` is null or of nobody for orphans. */
interface DeedRow {
  readonly id: number;
  readonly personId: number | null;
  readonly at: Instant;
  readonly random: Random;
  readonly canary: number;
}

/** How many rows of people who are gone a table has. */
export const orphanCount = (world: World): number => Math.max(3, Math.round(world.users / 400));

/** The deeds of one kind in the order of people, then those of nobody. */
function* deedRows(world: World, deed: Deed): Generator<DeedRow> {
  let id = 0;
  for (let number = 0; number < world.users; number += 1) {
    const person = planPerson(world, number);
    const moments = momentsOf(world, person, deed);
    if (moments.length === 0) continue;
    const random = randomFor(world.seed, deed, 'row', number);
    for (const at of moments) yield { id: ++id, personId: person.id, at, random, canary: person.canary };
  }
  for (let index = 0; index < orphanCount(world); index += 1) {
    const random = randomFor(world.seed, deed, 'orphan', index);
    const personId = index === 0 ? null : world.users + 2_000_000 + index;
    yield { id: ++id, personId, at: world.until - integerBetween(random, minute, 120 * day), random, canary: -1 };
  }
}

function deedTable(
  name: string,
  deed: Deed,
  columns: readonly string[],
  values: (row: DeedRow, world: World) => readonly CopyValue[],
): SampleTable {
  return {
    name,
    columns: ['id', ...columns, ...stampColumns],
    *rows(world) {
      for (const row of deedRows(world, deed)) {
        yield [row.id, ...values(row, world), ...stamps(world, row.at, row.random, 0.06)];
      }
    },
  };
}

/** How many of the first collections others are put into; later ones stay empty at large sizes. */
const collectionChoices = 2000;

const someone = (world: World, random: Random): number => integerBetween(random, 1, world.users);
const intents = ['find_expert', 'find_company', 'hire', 'Unknown', '', ' ', null, 'compare'];
const words = (random: Random): string => (random() < 0.02 ? pick(random, canaries).text : freeText(random));

/** What people do with Finder and its collections. */
export const finderTables: readonly SampleTable[] = [
  deedTable('collections', 'collection', ['person_id', 'name', 'description', 'privacy'], ({ personId, random }) => [
    personId,
    freeText(random).slice(0, 80),
    random() < 0.3 ? freeText(random) : null,
    pick(random, ['PUBLIC', 'PRIVATE', 'PRIVATE', null]),
  ]),
  deedTable(
    'collection_profiles',
    'collection_add',
    ['collection_id', 'person_id', 'added_by', 'rank'],
    ({ personId, random }, world) => [
      integerBetween(random, 1, Math.min(collectionChoices, Math.max(1, Math.round(world.users / 30)))),
      someone(world, random),
      personId,
      random() < 0.8 ? integerBetween(random, 1, 20) : null,
    ],
  ),
  {
    name: 'collection_collaborators',
    columns: ['id', 'collection_id', 'person_id', 'added_by', 'access_type', ...stampColumns],
    *rows(world) {
      let id = 0;
      for (const row of deedRows(world, 'collection')) {
        const random = randomFor(world.seed, 'collaborator', row.id);
        if (random() > 0.35) continue;
        yield [
          ++id,
          row.id,
          someone(world, random),
          row.personId,
          pick(random, ['VIEWER', 'EDITOR', null]),
          ...stamps(world, row.at + integerBetween(random, minute, 3 * day), random, 0.1),
        ];
      }
    },
  },
  {
    name: 'query_embeddings',
    columns: ['id', 'intent', 'embedded_text', 'embedded_vector', ...stampColumns],
    *rows(world) {
      let id = 0;
      for (const row of deedRows(world, 'vote')) {
        const random = randomFor(world.seed, 'search', row.id);
        for (let searches = integerBetween(random, 1, 3); searches > 0; searches -= 1) {
          const at = row.at - integerBetween(random, minute, hour);
          const values = [pick(random, intents), words(random), `{${random().toFixed(4)},${random().toFixed(4)}}`];
          yield [++id, ...values, ...stamps(world, at, random, 0.02)];
        }
      }
    },
  },
  deedTable(
    'query_votes',
    'vote',
    ['voter_id', 'profile_id', 'type', 'score', 'search_key', 'actual_query', 'remarks'],
    ({ personId, at, random, canary }, world) => [
      personId,
      someone(world, random),
      pick(random, ['upvote', 'upvote', 'downvote', null]),
      random() < 0.9 ? integerBetween(random, -1, 5) : null,
      // Votes of one hour are about one search.
      pick(random, [uuidFor(world.seed, 'search', Math.floor(at / hour)), `search-${Math.floor(at / day)}`, '', null]),
      canaries[canary]?.text ?? freeText(random),
      random() < 0.1 ? freeText(random) : null,
    ],
  ),
  deedTable('view_access', 'view', ['person_id', 'type', 'expiry', 'metadata'], ({ personId, at, random }) => [
    personId,
    pick(random, ['PROFILE', 'CONTACT', null]),
    random() < 0.5 ? formatInstant(at + 30 * day) : null,
    pick(random, ['{}', 'null', null, '{"from": "search", "rank": 3}']),
  ]),
  {
    name: 'glossary',
    columns: ['id', 'term', 'meaning', 'category', 'description', 'created_at', 'updated_at'],
    *rows(world) {
      const terms = [
        'Assay',
        'Azeotrope',
        'cGMP',
        'Chirality',
        'Elution',
        'Ligand',
        'Racemate',
        'Titration',
        'Zeolite',
      ];
      for (const [index, term] of terms.entries()) {
        const at = formatInstant(world.until - (150 - index) * day);
        const category = pick(randomFor(world.seed, 'glossary', index), ['process', 'analysis', '', null]);
        yield [index + 1, term, `What ${term} means`, category, `${term}: described in a line\nor two`, at, at];
      }
    },
  },
];
