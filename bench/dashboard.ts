import { answersTo, describeDifference } from './dashboard/answers.js';
import { readQuestions, type Question } from './dashboard/questions.js';
import { inLiterals, makeRawCopies, readLiterals } from './dashboard/raw-copies.js';
import { millisecondsOf, percentile, readDuring } from './dashboard/readers.js';
import { rowsOf, withSession, type Place } from './dashboard/session.js';
import { bound, median, openWorkplace, progress, projectFiles, report } from './workplace.js';

const users = Number(process.env['BENCH_USERS'] ?? 200_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
/** A raw query that has taken this long, over all its rounds, is not put again: its shortest time will not change much. */
const enoughMilliseconds = 10_000;
const readers = { count: 20, perSecond: Number(process.env['BENCH_QUERIES_PER_SECOND'] ?? 300) };

/** A question's times in milliseconds, and how much faster the aggregates answer it. */
interface Timing {
  readonly raw: number;
  readonly aggregate: number;
  readonly ratio: number;
}

const activityTables = [
  'engagement_posts',
  'engagement_comments',
  'engagement_group_members',
  'chemlink_query_votes',
  'chemlink_collections',
  'chemlink_collection_profiles',
  'chemlink_view_access',
] as const;

/** How many rows of activity the sources have, deleted ones too. */
async function activityRows(copies: Place): Promise<number> {
  const counts = activityTables.map((table) => `(select count(*) from raw.${table})`).join(' + ');
  return await withSession(copies, async (session) => Number((await rowsOf(session, `select ${counts}`))[0]?.[0]));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((left, right) => left + right, 0);
}

/** Compares the answers, which warms both sides up, and then takes each side's time; throws where the answers differ. */
async function timeQuestion(
  question: Question,
  places: { readonly warehouse: Place; readonly copies: Place },
  literals: Parameters<typeof inLiterals>[1],
): Promise<Timing> {
  return await withSession(places.warehouse, (warehouse) =>
    withSession(places.copies, async (copies) => {
      const difference = describeDifference(await answersTo(question, warehouse, copies, literals));
      if (difference !== undefined) throw new Error(`The answers to ${question.name} differ: ${difference}.`);
      const raw: number[] = [];
      const aggregate: number[] = [];
      for (let round = 0; round < rounds && (round === 0 || sum(raw) < enoughMilliseconds); round += 1) {
        raw.push(await millisecondsOf(copies, inLiterals(question.raw, literals)));
        aggregate.push(await millisecondsOf(warehouse, question.aggregate));
      }
      // The shortest: what else the machine does is neither side's.
      const [slow, fast] = [Math.min(...raw), Math.min(...aggregate)];
      return { raw: slow, aggregate: fast, ratio: slow / fast };
    }),
  );
}

/**
 * The questions of the dashboard put to the aggregates, and to raw copies of the sources with their indexes: the same answers, how much faster,
 * and how long 20 readers wait while all aggregates are built and published anew.
 */
export async function benchDashboard(): Promise<void> {
  const questions = readQuestions();
  const place = await openWorkplace({}, projectFiles);
  try {
    progress(`making a sample of ${users} users`);
    await place.chemflow(['sample', 'create', '--users', String(users)]);
    progress('building the warehouse');
    await place.chemflow(['run', '--quiet']);
    const warehouse = place.database('chemlink_analytics');
    const copies = place.database('dashboard_raw');
    await place.psql('postgres', ['-c', `create database ${copies.database}`]);
    progress('copying the sources');
    const sources = {
      chemlink: place.database('chemlink-service-prd'),
      engagement: place.database('engagement-platform-prd'),
    };
    const literals = await readLiterals(warehouse);
    await makeRawCopies(sources, copies, literals);
    await place.psql(warehouse.database, ['-c', 'vacuum analyze']);
    progress(`${users} users, ${await activityRows(copies)} rows of activity, ${questions.length} questions`);
    const ratios: number[] = [];
    for (const question of questions) {
      const { raw, aggregate, ratio } = await timeQuestion(question, { warehouse, copies }, literals);
      ratios.push(ratio);
      report(
        question.name,
        `sources ${raw.toFixed(1)} ms, aggregates ${aggregate.toFixed(2)} ms, ratio ${ratio.toFixed(0)}`,
        bound('at least 10', ratio >= 10),
      );
    }
    const worst = Math.min(...ratios);
    report('worst ratio', worst.toFixed(1), bound('at least 10', worst >= 10));
    report('median ratio', median(ratios).toFixed(0), bound('at least 100', median(ratios) >= 100));
    progress(`publishing all aggregates under ${readers.count} readers`);
    const publish = (): Promise<unknown> => place.chemflow(['run', '--quiet', '--full', '--select', 'aggregates.*']);
    const waits = await readDuring(publish, warehouse, questions, readers);
    const all = [...waits.values()].flat().sort((left, right) => left - right);
    const slowest = [...waits].reduce((left, right) =>
      percentile(right[1], 1) > percentile(left[1], 1) ? right : left,
    );
    report(
      `${readers.count} readers during a publish`,
      `${all.length} queries, median ${percentile(all, 0.5).toFixed(1)} ms, 99 % within ${percentile(all, 0.99).toFixed(1)} ms`,
      '',
    );
    const longest = percentile(slowest[1], 1);
    report(`  the slowest, ${slowest[0]}`, `${longest.toFixed(1)} ms`, bound('under 20 ms', longest < 20));
  } finally {
    await place.close();
  }
}
