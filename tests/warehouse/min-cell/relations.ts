import type { Row } from '../../oracle/read-sources.js';
import { cell, type Aggregates, type Table } from './cells.js';
import type { Relation } from './elimination.js';

/** A term of a relation: the coefficient and the cell's name. */
type Term = readonly [number, string];
type Read = (name: string) => number;

const types = ['post', 'comment', 'group_join', 'vote', 'collection', 'collection_add', 'view'];

function relation(terms: readonly Term[]): Relation {
  const sums = new Map<string, number>();
  for (const [coefficient, name] of terms) sums.set(name, (sums.get(name) ?? 0) + coefficient);
  return sums;
}

/** The whole is the sum of its parts, but for what the reader is taken to know (departures ...). */
function sumOf(whole: string, parts: readonly string[]): Relation {
  return relation([[1, whole], ...parts.map((part): Term => [-1, part])]);
}

/** A row that does not occur is a part of 0. */
function part(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}

function grouped(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

const dayMs = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;
function weekOf(day: string): string {
  const ms = Date.parse(day);
  return dayOf(ms - ((new Date(ms).getUTCDay() + 6) % 7) * dayMs);
}

/** A rate that is told ties its two numbers together: whole x part's truth = part x whole's. */
function rate(read: Read, part: string, whole: string): Relation {
  return relation([
    [read(whole), part],
    [-read(part), whole],
  ]);
}

interface Source {
  readonly truth: Aggregates;
  /** The relation, if the rate is told. */
  readonly rates: (rateCell: string, part: string, whole: string) => readonly Relation[];
  readonly read: Read;
  readonly isTold: (name: string) => boolean;
}

function dayRelations({ truth, rates }: Source): Relation[] {
  const days = truth.rows.daily_metrics;
  const found: Relation[] = [];
  const postDays = new Map(truth.rows.post_metrics.map((row) => [row['metric_date'], row]));
  for (const [index, row] of days.entries()) {
    const at = (column: string): string => cell('daily_metrics', row, column);
    found.push(sumOf(at('new_signups'), [at('new_finder_signups'), at('new_standard_signups')]));
    found.push(sumOf(at('dau'), [at('finder_active'), at('standard_active')]));
    const before = days[index - 1];
    const stockBefore = before === undefined ? [] : [cell('daily_metrics', before, 'total_users')];
    found.push(sumOf(at('total_users'), [at('new_signups'), ...stockBefore]));
    found.push(...rates(at('engagement_rate'), at('dau'), at('total_users')));
    found.push(...rates(at('social_engagement_rate'), at('dau_social'), at('dau')));
    found.push(...rates(at('stickiness'), at('dau'), at('mau_rolling')));
    const posts = postDays.get(row['metric_date']);
    if (posts === undefined) continue;
    const of = (column: string): string => cell('post_metrics', posts, column);
    found.push(sumOf(of('posts'), [at('posts_created')]), sumOf(of('comments'), [at('comments_created')]));
    found.push(sumOf(of('posters'), [at('active_posters')]), sumOf(of('commenters'), [at('active_commenters')]));
    // Posts without a type have no column, but a row in content_type_distribution.
    const kinds = ['text', 'link', 'image', 'file', 'job', ''].map((kind) => of(`${kind}_posts`));
    found.push(sumOf(of('posts'), kinds));
    found.push(...rates(of('posts_per_poster'), of('posts'), of('posters')));
    found.push(...rates(of('comments_per_post'), of('comments'), of('posts')));
  }
  return found;
}

const sumsOfDays: readonly (readonly [string, string])[] = [
  ['new_signups', 'new_signups'],
  ['post_count', 'posts_created'],
  ['comment_count', 'comments_created'],
  ['vote_count', 'votes_cast'],
  ['collection_count', 'collections_created'],
  ['view_count', 'views_given'],
  ['profile_update_count', 'profile_updates'],
];

function periodRelations({ truth, rates, isTold }: Source, table: 'weekly_metrics' | 'monthly_metrics'): Relation[] {
  const isWeek = table === 'weekly_metrics';
  const [key, au] = isWeek ? ['metric_week', 'wau'] : ['metric_month', 'mau'];
  const days = grouped(truth.rows.daily_metrics, (row) => (isWeek ? weekOf : monthOf)(row['metric_date'] ?? ''));
  const found: Relation[] = [];
  for (const [index, row] of truth.rows[table].entries()) {
    const at = (column: string): string => cell(table, row, column);
    const earlier = truth.rows[table][index - 1];
    const own = days.get(row[key] ?? '') ?? [];
    const last = own.at(-1);
    const before = (column: string): string[] => (earlier === undefined ? [] : [cell(table, earlier, column)]);
    for (const [total, daily] of sumsOfDays) {
      found.push(
        sumOf(
          at(total),
          own.map((day) => cell('daily_metrics', day, daily)),
        ),
      );
    }
    found.push(
      sumOf(
        at('total_activities'),
        types.map((type) => at(`${type}_count`)),
      ),
    );
    found.push(sumOf(at(au), [at(`finder_${au}`), at(`standard_${au}`)]));
    found.push(sumOf(at(au), [at('retained_users'), at('reactivated_users'), at('new_active_users')]));
    for (const active of before(au)) found.push(sumOf(active, [at('retained_users'), at('churned_users')]));
    found.push(sumOf(at('total_users'), [at('new_signups'), ...before('total_users')]));
    if (last !== undefined) {
      const on = (column: string): string => cell('daily_metrics', last, column);
      found.push(sumOf(at('total_users'), [on('total_users')]));
      // Seven days to a Sunday are its week, thirty to a month's end can be the month.
      const isWindow = own.length === (isWeek ? 7 : 30);
      if (isWindow && (isWeek || own[0]?.['metric_date'] === row[key]))
        found.push(sumOf(at(au), [on(isWeek ? 'wau_rolling' : 'mau_rolling')]));
      if (own.length === 1 && index > 0) {
        found.push(sumOf(at(au), [on('dau')]), sumOf(at(`${au}_social`), [on('dau_social')]));
        found.push(sumOf(at(`finder_${au}`), [on('finder_active')]));
      }
    }
    if (isTold(at('avg_dau'))) found.push(relation(own.map((day) => [1, cell('daily_metrics', day, 'dau')])));
    for (const active of before(au)) {
      found.push(...rates(at('retention_rate'), at('retained_users'), active));
      found.push(...rates(at('churn_rate'), at('churned_users'), active));
    }
    for (const signups of before('new_signups'))
      found.push(...rates(at('signup_growth_rate'), at('new_signups'), signups));
    for (const stock of before('total_users')) found.push(...rates(at('user_growth_rate'), at('total_users'), stock));
    found.push(...rates(at('avg_activities_per_user'), at('total_activities'), at(au)));
    if (isTold(at('avg_engagement_score'))) {
      const score = ['post', 'comment', 'vote', 'collection'].map((type, n): Term => [
        [3, 2, 1, 5][n] ?? 0,
        at(`${type}_count`),
      ]);
      found.push(relation(score));
    }
    if (!isWeek) found.push(...rates(at('profile_completion_rate'), at('completed_profiles'), at('total_users')));
  }
  return found;
}

function monthRelations({ truth, rates, read, isTold }: Source): Relation[] {
  const found: Relation[] = [];
  const by = (table: Table): Map<string, Row[]> => grouped(truth.rows[table], (row) => row['metric_month'] ?? '');
  const cells = (table: Table, rows: readonly Row[] | undefined, column: string): string[] =>
    (rows ?? []).map((row) => cell(table, row, column));
  const [activity, churn, intensity] = [by('activity_by_type'), by('churn_analysis'), by('engagement_intensity')];
  const [countries, finder, collections] = [by('mau_by_country'), by('finder_metrics'), by('collection_metrics')];
  for (const [index, row] of truth.rows.monthly_metrics.entries()) {
    const month = row['metric_month'] ?? '';
    const at = (column: string): string => cell('monthly_metrics', row, column);
    const unique = new Map<string, string>();
    for (const type of activity.get(month) ?? []) {
      const name = type['activity_type'] ?? '';
      const of = (column: string): string => cell('activity_by_type', type, column);
      unique.set(name, of('unique_users'));
      found.push(sumOf(of('total_activities'), [at(`${name}_count`)]));
      found.push(...rates(of('share_of_users'), of('unique_users'), at('mau')));
    }
    const churned = churn.get(month);
    found.push(sumOf(at('churned_users'), cells('churn_analysis', churned, 'churned_users')));
    found.push(sumOf(at('reactivated_users'), cells('churn_analysis', churned, 'reactivated_users')));
    for (const level of churned ?? []) {
      const of = (column: string): string => cell('churn_analysis', level, column);
      found.push(...rates(of('churn_rate'), of('churned_users'), of('active_before')));
    }
    const earlier = truth.rows.monthly_metrics[index - 1];
    for (const type of earlier === undefined ? [] : ['FINDER', 'STANDARD']) {
      const active = (churned ?? []).filter((level) => level['user_type'] === type);
      const whole = cell('monthly_metrics', earlier ?? {}, `${type.toLowerCase()}_mau`);
      found.push(sumOf(whole, cells('churn_analysis', active, 'active_before')));
    }
    const bands = intensity.get(month) ?? [];
    found.push(sumOf(at('mau_social'), cells('engagement_intensity', bands, 'users')));
    for (const [column, whole] of [
      ['avg_posts', 'post_count'],
      ['avg_comments', 'comment_count'],
    ] as const) {
      if (bands.some((band) => !isTold(cell('engagement_intensity', band, column)))) continue;
      const users = bands.map((band): Term => {
        const average = Math.round(100 * read(cell('engagement_intensity', band, column)));
        return [average, cell('engagement_intensity', band, 'users')];
      });
      found.push(relation([[-100, at(whole)], ...users]));
    }
    found.push(sumOf(at('mau'), cells('mau_by_country', countries.get(month), 'mau')));
    for (const own of finder.get(month) ?? []) {
      const of = (column: string): string => cell('finder_metrics', own, column);
      found.push(sumOf(of('votes'), [of('upvotes'), of('downvotes')]), sumOf(of('votes'), [at('vote_count')]));
      found.push(sumOf(of('views'), [at('view_count')]), sumOf(of('voters'), part(unique.get('vote'))));
      found.push(sumOf(of('viewers'), part(unique.get('view'))));
      found.push(...rates(of('vote_rate'), of('searches_voted_on'), of('searches')));
    }
    for (const own of collections.get(month) ?? []) {
      const of = (column: string): string => cell('collection_metrics', own, column);
      const parts = ['public', 'private', 'unset'].map((privacy) => of(`${privacy}_collections`));
      found.push(sumOf(of('collections'), parts), sumOf(of('collections'), [at('collection_count')]));
      found.push(sumOf(of('profiles_added'), [at('collection_add_count')]));
      found.push(sumOf(of('collectors'), part(unique.get('collection'))));
    }
  }
  return found;
}

function cohortRelations({ truth, rates }: Source): Relation[] {
  const found: Relation[] = [];
  const months = new Map(
    truth.rows.monthly_metrics.map((row) => [row['metric_month'], cell('monthly_metrics', row, 'new_signups')]),
  );
  for (const row of truth.rows.cohort_activation) {
    const at = (column: string): string => cell('cohort_activation', row, column);
    found.push(sumOf(at('cohort_size'), part(months.get(row['cohort_month'] ?? ''))));
    for (const days of ['1d', '7d', '30d', '90d'])
      found.push(...rates(at(`activation_rate_${days}`), at(`activated_${days}`), at('cohort_size')));
  }
  for (const weeks of grouped(truth.rows.cohort_retention, (row) => row['cohort_month'] ?? '').values()) {
    const last = weeks.toSorted((a, b) => Number(a['weeks_since_signup']) - Number(b['weeks_since_signup'])).at(-1);
    for (const row of weeks) {
      const at = (column: string): string => cell('cohort_retention', row, column);
      found.push(sumOf(at('cohort_size'), part(months.get(row['cohort_month'] ?? ''))));
      found.push(...rates(at('retention_rate'), at('retained_users'), at('cohort_size')));
      found.push(...rates(at('cumulative_retention_rate'), at('cumulative_retained_users'), at('cohort_size')));
      found.push(...rates(at('avg_activities_per_retained_user'), at('total_activities'), at('retained_users')));
      if (row === last) found.push(sumOf(at('cumulative_retained_users'), [at('retained_users')]));
    }
  }
  return found;
}

function presentRelations({ truth, rates }: Source): Relation[] {
  const found: Relation[] = [];
  const all = (table: Table, column: string, where: (row: Row) => boolean = () => true): string[] =>
    truth.rows[table].filter(where).map((row) => cell(table, row, column));
  const step = (name: string, column = 'users'): string => `account_funnel/${name}/${column}`;
  const everyone = step('signed_up');
  const lastDay = truth.rows.daily_metrics.at(-1) ?? {};
  found.push(sumOf(everyone, [cell('daily_metrics', lastDay, 'total_users')]));
  found.push(sumOf(everyone, [step('signed_up', 'users_in_sequence')]));
  found.push(sumOf(step('basic_info'), [step('basic_info', 'users_in_sequence')]));
  const steps = truth.rows.account_funnel.toSorted((a, b) => Number(a['step_order']) - Number(b['step_order']));
  for (const [index, row] of steps.entries()) {
    const at = (column: string): string => cell('account_funnel', row, column);
    found.push(...rates(at('rate_of_total'), at('users'), everyone));
    const previous = steps[index - 1];
    const before = previous === undefined ? at('users') : cell('account_funnel', previous, 'users_in_sequence');
    found.push(...rates(at('rate_of_previous'), at('users_in_sequence'), before));
  }
  found.push(sumOf(everyone, all('user_segmentation', 'users')));
  found.push(
    sumOf(
      step('finder'),
      all('user_segmentation', 'users', (row) => row['user_type'] === 'FINDER'),
    ),
  );
  found.push(sumOf(everyone, all('geographic_distribution', 'users')));
  found.push(
    sumOf(
      step('location'),
      all('geographic_distribution', 'users', (row) => row['country'] !== 'Unknown'),
    ),
  );
  for (const dimension of ['score_band', 'freshness', 'status'])
    found.push(
      sumOf(
        everyone,
        all('profile_metrics', 'users', (row) => row['dimension'] === dimension),
      ),
    );
  for (const table of ['user_segmentation', 'geographic_distribution', 'profile_metrics'] as const) {
    for (const row of truth.rows[table])
      found.push(...rates(cell(table, row, 'share'), cell(table, row, 'users'), everyone));
  }
  found.push(sumOf(step('company'), all('top_companies', 'users')));
  // The reader is taken to know how many experiences there are, and every other total of a table about now.
  for (const table of ['top_companies', 'top_roles', 'top_projects'] as const)
    found.push(relation(all(table, 'experiences').map((name) => [1, name])));
  found.push(relation(all('education_distribution', 'users').map((name) => [1, name])));
  for (const [now, then, column] of [
    ['search_intents', 'finder_metrics', 'searches'],
    ['collection_sharing', 'collection_metrics', 'shares'],
  ] as const)
    found.push(
      relation([...all(now, column).map((n): Term => [1, n]), ...all(then, column).map((n): Term => [-1, n])]),
    );
  found.push(relation(all('search_intents', 'searches').map((name) => [1, name])));
  const [posts, months] = [all('content_type_distribution', 'posts'), all('monthly_metrics', 'post_count')];
  found.push(relation([...posts.map((n): Term => [1, n]), ...months.map((n): Term => [-1, n])]));
  for (const row of truth.rows.content_type_distribution) {
    const at = (column: string): string => cell('content_type_distribution', row, column);
    const kind = row['content_type'] ?? '';
    found.push(
      sumOf(
        at('comments'),
        all('top_posts', 'comments', (post) => post['content_type'] === kind),
      ),
    );
    found.push(sumOf(at('posts'), all('post_metrics', `${kind}_posts`)));
    found.push(...rates(at('comments_per_post'), at('comments'), at('posts')));
  }
  return found;
}

/**
 * Every linear relation between cells of the aggregates, found from their definitions. Where one holds but for something that no table tells
 * (departures, comments under deleted posts), the reader is taken to know that something, so that the test is stricter than the world.
 */
export function relationsOf(truth: Aggregates, isTold: (name: string) => boolean): Relation[] {
  const read: Read = (name) => truth.told.get(name) ?? 0;
  const source: Source = {
    truth,
    read,
    isTold,
    rates: (rateCell, part, whole) => (isTold(rateCell) && read(whole) !== 0 ? [rate(read, part, whole)] : []),
  };
  return [
    ...dayRelations(source),
    ...periodRelations(source, 'weekly_metrics'),
    ...periodRelations(source, 'monthly_metrics'),
    ...monthRelations(source),
    ...cohortRelations(source),
    ...presentRelations(source),
  ];
}
