import type { ConnectionSettings } from '../../../src/types/index.js';
import { day, formatInstant, parseInstant, type Instant } from '../../../src/util/instant.js';
import { queryOnce } from '../../support/database.js';

/** The sample's clock where hard rows are put into it, and so as_of. Chile changed its clocks on 2025-04-06 and 2025-09-07. */
export const hardUntil = '2025-09-20T12:00:00Z';

/** A moment written as text. */
export function moment(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`not a moment: ${text}`);
  return instant;
}

const asOf = moment(hardUntil);

/** So many times 24 hours, and microseconds, before as_of. */
export const ago = (days: number, microseconds = 0): Instant => asOf - days * day - microseconds;

type Value = string | number | boolean | null;
type Values = Readonly<Record<string, Value | object | undefined>>;

/** When a row was made and deleted. */
export interface RowTimes {
  readonly at: Instant;
  readonly deletedAt?: Instant;
}

/** A person of a hard case: the keys under which others refer to it. */
export interface HardPerson {
  readonly id: number;
  readonly key: string;
  readonly accountId: string;
}

/** Rows written by hand, for both sources. */
export interface RowList {
  /** Adds a row of `chemlink.<table>` or `engagement.<table>` and resolves to its id. */
  add(table: string, times: RowTimes, values?: Values): string;
  /** Adds a person; `account` is when its engagement account was made (sign-up unless told, null for none). */
  person(times: RowTimes & { readonly account?: Instant | null }, values?: Values): HardPerson;
  /** Adds a post, comment, group_join, vote, collection, collection_add or view. */
  deed(type: string, who: HardPerson, times: RowTimes, values?: Values): string;
  /** Writes everything into the two databases. */
  write(chemlink: ConnectionSettings, engagement: ConnectionSettings): Promise<void>;
}

const firstId = 9_000_000;
const uuid = (kind: string, number: number): string =>
  `9${kind}000000-abcd-4000-8abc-${String(number).padStart(12, '0')}`;

const deeds: Readonly<Record<string, readonly [string, string]>> = {
  post: ['engagement.posts', 'person_id'],
  comment: ['engagement.comments', 'person_id'],
  group_join: ['engagement.group_members', 'person_id'],
  vote: ['chemlink.query_votes', 'voter_id'],
  collection: ['chemlink.collections', 'person_id'],
  collection_add: ['chemlink.collection_profiles', 'added_by'],
  view: ['chemlink.view_access', 'person_id'],
};

/** An empty list. */
export function createRowList(): RowList {
  const rows = new Map<string, Values[]>();
  let count = 0;
  const list: RowList = {
    add(table, { at, deletedAt }, values = {}) {
      count += 1;
      const id = table.startsWith('chemlink.') ? firstId + count : uuid('e', count);
      const row = {
        id,
        created_at: formatInstant(at),
        updated_at: formatInstant(at),
        deleted_at: deletedAt === undefined ? null : formatInstant(deletedAt),
        ...values,
      };
      rows.set(table, [...(rows.get(table) ?? []), row]);
      return String(id);
    },
    person({ at, deletedAt, account = at }, values = {}) {
      const key = uuid('a', count + 1);
      const times = deletedAt === undefined ? { at } : { at, deletedAt };
      const id = Number(
        list.add('chemlink.persons', times, {
          person_id: key,
          chemlink_id: uuid('c', count + 1),
          name: 'Hard Case',
          first_name: 'Hard',
          last_name: 'Case',
          email: `hard.case.${count + 1}@hard.example`,
          ...values,
        }),
      );
      const accountId =
        account === null
          ? ''
          : list.add('engagement.persons', { at: account }, { external_id: key, first_name: 'Hard' });
      return { id, key, accountId };
    },
    deed(type, who, times, values = {}) {
      const [table, column] = deeds[type] ?? ['', ''];
      const owner = table.startsWith('chemlink.') ? who.id : who.accountId;
      return list.add(table, times, { [column]: owner, ...values });
    },
    async write(chemlink, engagement) {
      for (const [name, settings] of [
        ['chemlink', chemlink],
        ['engagement', engagement],
      ] as const) {
        const statements = [...rows]
          .filter(([table]) => table.startsWith(`${name}.`))
          .map(([table, values]) => {
            const relation = table.slice(name.length + 1);
            const text = JSON.stringify(values).replaceAll("'", "''");
            return `insert into ${relation} select * from jsonb_populate_recordset(null::${relation}, '${text}'::jsonb);`;
          });
        // Without triggers there are no foreign keys: production has rows that refer to nothing.
        await queryOnce(settings, `set session_replication_role = replica; ${statements.join('\n')}`);
      }
    },
  };
  return list;
}
