import { dateText } from './calendar.js';
import { number, type Cell, type ExpectedTable } from './expected-table.js';
import {
  byPerson,
  daysOf,
  eventsByPeriod,
  isActivity,
  month,
  ofTypes,
  peopleOf,
  seriesOf,
  type Counted,
  type History,
} from './history.js';
import { average, quotient, rate } from './numbers.js';
import { activityTypes, addTo } from './people.js';

/** Calls `work` with each month of the series and what happened in it. */
function eachMonth<T>(history: History, work: (metricMonth: string, events: readonly Counted[]) => readonly T[]): T[] {
  const byMonth = eventsByPeriod(history, month);
  return seriesOf(history, month).flatMap((start) => work(dateText(start), byMonth.get(start) ?? []));
}

/** aggregates.activity_by_type */
export function activityByType(history: History): ExpectedTable {
  return {
    name: 'aggregates.activity_by_type',
    key: ['metric_month', 'activity_type'],
    columns: {
      metric_month: 'date',
      activity_type: 'text',
      unique_users: 'bigint',
      total_activities: 'bigint',
      share_of_users: 'numeric(12,2)',
    },
    rows: eachMonth(history, (metricMonth, events) => {
      const active = peopleOf(events.filter(isActivity));
      return activityTypes
        .map((type) => ({ type, own: ofTypes(events, type) }))
        .filter(({ own }) => own.length > 0)
        .map(({ type, own }) => ({
          metric_month: metricMonth,
          activity_type: type,
          unique_users: number(peopleOf(own)),
          total_activities: number(own.length),
          share_of_users: rate(peopleOf(own), active),
        }));
    }),
  };
}

const intensities = [
  { name: 'power', least: 20 },
  { name: 'active', least: 10 },
  { name: 'regular', least: 5 },
  { name: 'casual', least: 1 },
] as const;

/** aggregates.engagement_intensity */
export function engagementIntensity(history: History): ExpectedTable {
  return {
    name: 'aggregates.engagement_intensity',
    key: ['metric_month', 'intensity'],
    columns: {
      metric_month: 'date',
      intensity: 'text',
      users: 'bigint',
      avg_activities: 'numeric(12,2)',
      avg_posts: 'numeric(12,2)',
      avg_comments: 'numeric(12,2)',
    },
    rows: eachMonth(history, (metricMonth, events) => {
      const people = [...byPerson(events).values()].map((own) => ({
        all: own.length,
        posts: ofTypes(own, 'post').length,
        comments: ofTypes(own, 'comment').length,
      }));
      return intensities.flatMap(({ name }) => {
        const users = people.filter(
          ({ posts, comments }) => intensities.find(({ least }) => posts + comments >= least)?.name === name,
        );
        if (users.length === 0) return [];
        return [
          {
            metric_month: metricMonth,
            intensity: name,
            users: number(users.length),
            avg_activities: average(users.map(({ all }) => all)),
            avg_posts: average(users.map(({ posts }) => posts)),
            avg_comments: average(users.map(({ comments }) => comments)),
          },
        ];
      });
    }),
  };
}

/** aggregates.mau_by_country */
export function mauByCountry(history: History): ExpectedTable {
  return {
    name: 'aggregates.mau_by_country',
    key: ['metric_month', 'country'],
    columns: { metric_month: 'date', country: 'text', mau: 'bigint' },
    rows: eachMonth(history, (metricMonth, events) => {
      const users = new Map<string, number>();
      for (const { country } of byPerson(events.filter(isActivity)).keys()) {
        users.set(country ?? 'Unknown', (users.get(country ?? 'Unknown') ?? 0) + 1);
      }
      return [...users].map(([country, mau]) => ({ metric_month: metricMonth, country, mau: number(mau) }));
    }),
  };
}

/** aggregates.post_metrics */
export function postMetrics(history: History): ExpectedTable {
  const types = ['text', 'link', 'image', 'file', 'job'] as const;
  const byDate = new Map<number, Counted[]>();
  for (const counted of history.events) addTo(byDate, counted.date, counted);
  return {
    name: 'aggregates.post_metrics',
    key: ['metric_date'],
    columns: {
      metric_date: 'date',
      posts: 'bigint',
      comments: 'bigint',
      posters: 'bigint',
      commenters: 'bigint',
      posts_per_poster: 'numeric(12,2)',
      comments_per_post: 'numeric(12,2)',
      ...Object.fromEntries(types.map((type) => [`${type}_posts`, 'bigint' as const])),
    },
    rows: daysOf(history).map((date): Record<string, Cell> => {
      const posts = ofTypes(byDate.get(date) ?? [], 'post');
      const comments = ofTypes(byDate.get(date) ?? [], 'comment');
      return {
        metric_date: dateText(date),
        posts: number(posts.length),
        comments: number(comments.length),
        posters: number(peopleOf(posts)),
        commenters: number(peopleOf(comments)),
        posts_per_poster: quotient(posts.length, peopleOf(posts)),
        comments_per_post: quotient(comments.length, posts.length),
        ...Object.fromEntries(
          types.map((type) => [
            `${type}_posts`,
            number(posts.filter(({ event }) => event.row['type'] === type).length),
          ]),
        ),
      };
    }),
  };
}
