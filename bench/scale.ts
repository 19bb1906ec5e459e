import { rowsOf, withSession } from './dashboard/session.js';
import { bound, openWorkplace, progress, projectFiles, report, type Measured, type Workplace } from './workplace.js';

const warehouse = 'chemlink_analytics';
const sizes = (process.env['BENCH_USERS'] ?? '20000,200000').split(',').map(Number);

/** What a run cost: seconds, peak resident MB of chemflow's process, MB of WAL that the server wrote meanwhile, and rows that it copied. */
interface Cost {
  readonly seconds: number;
  readonly memory: number;
  readonly wal: number;
  readonly copied: number;
}

/** A size, what its runs cost, and how many events its warehouse has. */
interface Measurement {
  readonly users: number;
  readonly events: number;
  readonly full: Cost;
  readonly increment: Cost;
}

async function figure(place: Workplace, database: string, sql: string): Promise<number> {
  return await withSession(place.database(database), async (session) => Number((await rowsOf(session, sql))[0]?.[0]));
}

/** Runs chemflow after a checkpoint, so that every run begins with the same work before it. */
async function costOf(place: Workplace, args: readonly string[]): Promise<Cost> {
  await place.psql('postgres', ['-c', 'checkpoint']);
  const position = "select pg_current_wal_lsn() - '0/0'";
  const before = await figure(place, 'postgres', position);
  const { seconds, peakMegabytes }: Measured = await place.chemflow(args);
  return {
    seconds,
    memory: peakMegabytes,
    wal: ((await figure(place, 'postgres', position)) - before) / 1024 / 1024,
    copied: await figure(
      place,
      warehouse,
      `select sum(rows_written + rows_deleted) from chemflow.extractions
       where run_started_at = (select max(run_started_at) from chemflow.extractions)`,
    ),
  };
}

async function measure(users: number): Promise<Measurement> {
  // Like a real warehouse: the embedded server's own level writes no WAL for a table that is made and filled in one transaction.
  const place = await openWorkplace({}, projectFiles, { wal_level: 'replica' });
  try {
    progress(`making a sample of ${users} users`);
    await place.chemflow(['sample', 'create', '--users', String(users)]);
    progress('the full run');
    const full = await costOf(place, ['run', '--quiet', '--full']);
    progress('one day goes by');
    await place.chemflow(['sample', 'advance', '--days', '1']);
    progress('the incremental run');
    const increment = await costOf(place, ['run', '--quiet']);
    const events = await figure(place, warehouse, 'select count(*) from core.user_activity_events');
    return { users, events, full, increment };
  } finally {
    await place.close();
  }
}

function describe({ seconds, memory, wal, copied }: Cost): string {
  return `${seconds.toFixed(1)} s, ${memory.toFixed(0)} MB resident, ${wal.toFixed(0)} MB of WAL, ${copied} rows copied`;
}

/** The exponent with which a cost grows between two sizes: 1 is as the users do. */
function exponent(small: Measurement, large: Measurement, cost: (measured: Measurement) => number): number {
  return Math.log(cost(large) / cost(small)) / Math.log(large.users / small.users);
}

function reportGrowth(small: Measurement, large: Measurement): void {
  const costs: readonly (readonly [string, (measured: Measurement) => number])[] = [
    ['time of a full run', ({ full }) => full.seconds],
    ['WAL of a full run', ({ full }) => full.wal],
    ['memory of a full run', ({ full }) => full.memory],
    ['time of an increment', ({ increment }) => increment.seconds],
    ['WAL of an increment', ({ increment }) => increment.wal],
  ];
  for (const [what, cost] of costs) {
    const grown = exponent(small, large, cost);
    report(
      `${what}, ${small.users} to ${large.users}`,
      `exponent ${grown.toFixed(2)}`,
      bound('at most 1.05', grown <= 1.05),
    );
  }
}

/**
 * A full run, a day, an incremental run, at each size of BENCH_USERS (`20000,200000`): time, rows, memory and WAL, what one day costs of a full
 * run, and the exponents with which they grow from size to size.
 */
export async function benchScale(): Promise<void> {
  if (sizes.some((users) => !Number.isInteger(users) || users <= 0))
    throw new Error('BENCH_USERS is one or more numbers of users: BENCH_USERS=20000,200000');
  let smaller: Measurement | undefined;
  for (const users of sizes) {
    const measured = await measure(users);
    const { full, increment, events } = measured;
    report(`${users} users, ${events} events: full run`, describe(full), '');
    report('  after one day', describe(increment), '');
    for (const [what, share] of [
      ['time', increment.seconds / full.seconds],
      ['WAL', increment.wal / full.wal],
    ] as const)
      report(
        `  ${what} of one day`,
        `${(share * 100).toFixed(1)} % of a full run's`,
        bound('at most 5 %', share <= 0.05),
      );
    if (smaller !== undefined) reportGrowth(smaller, measured);
    smaller = measured;
  }
}
