import { ChemflowError } from '../error/index.js';
import type { EventSink, Session } from '../types/index.js';
import { formatInstant, parseInstant, type Instant } from '../util/instant.js';
import { quoteIdentifier, quoteLiteral } from '../util/sql-text.js';

/** The databases' names, as in production. */
export const sampleDatabases = { chemlink: 'chemlink-service-prd', engagement: 'engagement-platform-prd' } as const;

const clockSetting = 'chemflow.sample_clock';
const seedSetting = 'chemflow.sample_seed';
const usersSetting = 'chemflow.sample_users';

/** What a sample's database remembers of its making; `users` is what it was made with. */
export interface SampleMark {
  readonly clock: Instant;
  readonly seed: number;
  readonly users: number;
}

/** Tells what is going on. */
export function say(sink: EventSink | undefined, text: string): void {
  sink?.({ kind: 'message', level: 'info', text });
}

async function setting(session: Session, name: string, value: string): Promise<void> {
  const { rows } = await session.query('select current_database()');
  const database = quoteIdentifier(rows[0]?.[0] ?? '');
  // ALTER DATABASE takes no parameters; sessions opened from now on have the value.
  await session.query(`alter database ${database} set ${name} = ${quoteLiteral(value)}`);
}

/** Stores the sample's clock, seed and size with the database; extraction reads the clock in sessions opened after it. */
export async function storeMark(session: Session, mark: SampleMark): Promise<void> {
  await setting(session, clockSetting, formatInstant(mark.clock));
  await setting(session, seedSetting, String(mark.seed));
  await setting(session, usersSetting, String(mark.users));
}

/** What the database remembers; SAMPLE.NONE where it holds no sample. */
export async function readMark(session: Session): Promise<SampleMark> {
  const { rows } = await session.query(
    `select split_part(entry, '=', 1), substr(entry, strpos(entry, '=') + 1)
     from pg_db_role_setting, unnest(setconfig) as entry
     where setrole = 0 and setdatabase = (select oid from pg_database where datname = current_database())`,
  );
  const settings = new Map(rows.map(([name, value]) => [name, value ?? '']));
  const clock = parseInstant(settings.get(clockSetting) ?? '');
  if (clock === undefined) {
    const database = (await session.query('select current_database()')).rows[0]?.[0] ?? '';
    throw new ChemflowError({
      code: 'SAMPLE.NONE',
      message: `Database "${database}" holds no sample.`,
      hint: 'chemflow sample create makes one',
    });
  }
  return { clock, seed: Number(settings.get(seedSetting)), users: Number(settings.get(usersSetting)) };
}

/** The `--until` of a sample as a moment; a date alone is its midnight, no zone means UTC. */
export function parseUntil(text: string): Instant {
  const until = parseInstant(text);
  if (until !== undefined) return until;
  throw new ChemflowError({
    code: 'CONFIG.INVALID_OPTION',
    message: `"${text}" is not a moment that a sample could end at.`,
    hint: 'write it as 2026-03-20 or 2026-03-20T12:00:00Z',
  });
}

/** Something for each of the sample's sources, by the name of its connection. */
export type BySource<Value> = Readonly<Record<keyof typeof sampleDatabases, Value>>;

/** Makes something for each of the sample's sources. */
export function bySource<Value>(make: (connection: keyof typeof sampleDatabases) => Value): BySource<Value> {
  return { chemlink: make('chemlink'), engagement: make('engagement') };
}
