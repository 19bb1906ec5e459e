import type { Instant } from '../../src/util/instant.js';
import { dateText } from './calendar.js';
import { number, type ExpectedTable } from './expected-table.js';
import { eventsByPeriod, month, ofTypes, peopleOf, seriesOf, type Counted, type History } from './history.js';
import { rate } from './numbers.js';
import { addTo, type Person } from './people.js';
import type { Row, Sources } from './read-sources.js';
import { isAlive, lifeOf, notBlank } from './rows.js';

const aliveRows = (rows: readonly Row[], asOf: Instant): Row[] => rows.filter((row) => isAlive(lifeOf(row), asOf));

/** Different values of a column that is not blank. */
const distinct = (rows: readonly Row[], column: string): number =>
  new Set(rows.map((row) => notBlank(row[column])).filter((value) => value !== null)).size;

const rowsOf = (events: readonly Counted[]): Row[] => events.map(({ event }) => event.row);
const having = (rows: readonly Row[], column: string, value: string | null): Row[] =>
  rows.filter((row) => (row[column] ?? null) === value);

/** aggregates.finder_metrics */
export function finderMetrics(sources: Sources, history: History): ExpectedTable {
  const { asOf, calendar } = history;
  const byMonth = eventsByPeriod(history, month);
  const searches = new Map<number, Row[]>();
  for (const row of aliveRows(sources.chemlink.query_embeddings, asOf)) {
    addTo(searches, month.startOf(calendar.dateOf(lifeOf(row).createdAt)), row);
  }
  return {
    name: 'aggregates.finder_metrics',
    key: ['metric_month'],
    columns: {
      metric_month: 'date',
      searches: 'bigint',
      votes: 'bigint',
      upvotes: 'bigint',
      downvotes: 'bigint',
      voters: 'bigint',
      searches_voted_on: 'bigint',
      vote_rate: 'numeric(12,2)',
      views: 'bigint',
      viewers: 'bigint',
    },
    rows: seriesOf(history, month).map((start) => {
      const searched = searches.get(start)?.length ?? 0;
      const votes = ofTypes(byMonth.get(start) ?? [], 'vote');
      const views = ofTypes(byMonth.get(start) ?? [], 'view');
      const votedOn = distinct(rowsOf(votes), 'search_key');
      return {
        metric_month: dateText(start),
        searches: number(searched),
        votes: number(votes.length),
        upvotes: number(having(rowsOf(votes), 'type', 'upvote').length),
        downvotes: number(having(rowsOf(votes), 'type', 'downvote').length),
        voters: number(peopleOf(votes)),
        searches_voted_on: number(votedOn),
        vote_rate: rate(votedOn, searched),
        views: number(views.length),
        viewers: number(peopleOf(views)),
      };
    }),
  };
}

/** aggregates.search_intents */
export function searchIntents(sources: Sources, asOf: Instant): ExpectedTable {
  const searches = aliveRows(sources.chemlink.query_embeddings, asOf);
  const intents = new Map<string, Row[]>();
  for (const row of searches) addTo(intents, notBlank(row['intent']) ?? 'Unknown', row);
  return {
    name: 'aggregates.search_intents',
    key: ['intent'],
    columns: { intent: 'text', searches: 'bigint', share: 'numeric(12,2)' },
    rows: [...intents].map(([intent, rows]) => ({
      intent,
      searches: number(rows.length),
      share: rate(rows.length, searches.length),
    })),
  };
}

/** Collaborations that are there at as_of, with who shared. */
function sharesOf(sources: Sources, people: readonly Person[], asOf: Instant): { row: Row; by: Person; at: Instant }[] {
  const byId = new Map(people.map((person) => [person.id, person]));
  return aliveRows(sources.chemlink.collection_collaborators, asOf).flatMap((row) => {
    const by = byId.get(row['added_by'] ?? '');
    return by === undefined || by.isTest ? [] : [{ row, by, at: lifeOf(row).createdAt }];
  });
}

/** aggregates.collection_metrics */
export function collectionMetrics(sources: Sources, people: readonly Person[], history: History): ExpectedTable {
  const { asOf, calendar } = history;
  const byMonth = eventsByPeriod(history, month);
  const shares = new Map<number, Row[]>();
  for (const { row, by, at } of sharesOf(sources, people, asOf)) {
    const isThere = by.deletedAt === undefined || by.deletedAt > at;
    if (isThere) addTo(shares, month.startOf(calendar.dateOf(at)), row);
  }
  return {
    name: 'aggregates.collection_metrics',
    key: ['metric_month'],
    columns: {
      metric_month: 'date',
      collections: 'bigint',
      public_collections: 'bigint',
      private_collections: 'bigint',
      unset_collections: 'bigint',
      collectors: 'bigint',
      profiles_added: 'bigint',
      shares: 'bigint',
      shared_collections: 'bigint',
    },
    rows: seriesOf(history, month).map((start) => {
      const events = byMonth.get(start) ?? [];
      const collections = ofTypes(events, 'collection');
      const shared = shares.get(start) ?? [];
      return {
        metric_month: dateText(start),
        collections: number(collections.length),
        public_collections: number(having(rowsOf(collections), 'privacy', 'PUBLIC').length),
        private_collections: number(having(rowsOf(collections), 'privacy', 'PRIVATE').length),
        unset_collections: number(having(rowsOf(collections), 'privacy', null).length),
        collectors: number(peopleOf(collections)),
        profiles_added: number(ofTypes(events, 'collection_add').length),
        shares: number(shared.length),
        shared_collections: number(distinct(shared, 'collection_id')),
      };
    }),
  };
}

/** aggregates.collection_sharing: what real accounts share now. */
export function collectionSharing(sources: Sources, people: readonly Person[], asOf: Instant): ExpectedTable {
  const kinds = new Map<string, Row[]>();
  for (const { row, by } of sharesOf(sources, people, asOf)) {
    if (isAlive(by, asOf)) addTo(kinds, notBlank(row['access_type']) ?? 'Not set', row);
  }
  return {
    name: 'aggregates.collection_sharing',
    key: ['access_type'],
    columns: { access_type: 'text', shares: 'bigint', collections: 'bigint' },
    rows: [...kinds].map(([accessType, rows]) => ({
      access_type: accessType,
      shares: number(rows.length),
      collections: number(distinct(rows, 'collection_id')),
    })),
  };
}
