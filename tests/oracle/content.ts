import type { Instant } from '../../src/util/instant.js';
import type { Calendar } from './calendar.js';
import { eventsAt, keyedHash } from './core.js';
import { number, stamp, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { average, quotient } from './numbers.js';
import { addTo, type Event, type Person } from './people.js';
import type { Row } from './read-sources.js';
import { characters, notBlank } from './rows.js';
import type { RealUser } from './segments.js';

/** A post or comment of a real account. */
interface Text {
  readonly event: Event;
  readonly person: Person;
}

const textsOf = (users: readonly RealUser[], type: 'post' | 'comment', asOf: Instant): Text[] =>
  users.flatMap(({ person }) =>
    eventsAt(person, asOf)
      .filter((event) => event.type === type)
      .map((event) => ({ event, person })),
  );

const authors = (texts: readonly Text[]): number => new Set(texts.map(({ person }) => person.key)).size;

function commentsByPost(users: readonly RealUser[], asOf: Instant): ReadonlyMap<string, readonly Text[]> {
  const comments = new Map<string, Text[]>();
  for (const comment of textsOf(users, 'comment', asOf)) addTo(comments, comment.event.row['post_id'] ?? '', comment);
  return comments;
}

function hasMedia(row: Row): boolean {
  const media: unknown = JSON.parse(row['media_keys'] ?? 'null');
  return Array.isArray(media) && media.length > 0;
}

/** aggregates.content_type_distribution */
export function contentTypes(users: readonly RealUser[], { asOf }: OracleSettings): ExpectedTable {
  const comments = commentsByPost(users, asOf);
  const types = new Map<string | null, Text[]>();
  for (const post of textsOf(users, 'post', asOf)) addTo(types, post.event.row['type'] ?? null, post);
  const rows = [...types].map(([type, posts]) => {
    const under = posts.flatMap(({ event }) => comments.get(event.rowId) ?? []);
    const sources = posts.map(({ event }) => event.row);
    const contents = sources.map((row) => notBlank(row['content'])).filter((content) => content !== null);
    const moments = posts.map(({ event }) => event.createdAt);
    return {
      content_type: type,
      posts: number(posts.length),
      authors: number(authors(posts)),
      avg_content_length: average(contents.map(characters)),
      posts_with_link: number(sources.filter((row) => notBlank(row['link_url']) !== null).length),
      posts_with_media: number(sources.filter(hasMedia).length),
      comments: number(under.length),
      commenters: number(authors(under)),
      comments_per_post: quotient(under.length, posts.length),
      first_post_at: stamp(moments.reduce((first, moment) => Math.min(first, moment), Infinity)),
      last_post_at: stamp(moments.reduce((last, moment) => Math.max(last, moment), -Infinity)),
    };
  });
  return {
    name: 'aggregates.content_type_distribution',
    key: ['content_type'],
    columns: {
      content_type: 'text',
      posts: 'bigint',
      authors: 'bigint',
      avg_content_length: 'numeric(12,2)',
      posts_with_link: 'bigint',
      posts_with_media: 'bigint',
      comments: 'bigint',
      commenters: 'bigint',
      comments_per_post: 'numeric(12,2)',
      first_post_at: 'timestamp with time zone',
      last_post_at: 'timestamp with time zone',
    },
    rows,
  };
}

function tierOf(posts: number): string {
  if (posts >= 20) return 'power';
  if (posts >= 10) return 'active';
  return posts >= 5 ? 'regular' : 'casual';
}

/** aggregates.top_contributors */
export function topContributors(users: readonly RealUser[], { salt }: OracleSettings): ExpectedTable {
  return {
    name: 'aggregates.top_contributors',
    key: ['user_id'],
    columns: { user_id: 'text', posts: 'bigint', comments: 'bigint', engagement_score: 'integer', tier: 'text' },
    rows: users
      .filter(({ user }) => Number(user['posts_created']) + Number(user['comments_made']) > 0)
      .map(({ person, user }) => ({
        user_id: keyedHash(salt, person.key),
        posts: user['posts_created'] ?? null,
        comments: user['comments_made'] ?? null,
        engagement_score: user['engagement_score'] ?? null,
        tier: tierOf(Number(user['posts_created'])),
      })),
  };
}

/** aggregates.top_posts */
export function topPosts(
  users: readonly RealUser[],
  { asOf, salt }: OracleSettings,
  calendar: Calendar,
): ExpectedTable {
  const comments = commentsByPost(users, asOf);
  return {
    name: 'aggregates.top_posts',
    key: ['post_id'],
    columns: {
      post_id: 'text',
      content_type: 'text',
      comments: 'bigint',
      commenters: 'bigint',
      score: 'integer',
      days_old: 'integer',
    },
    rows: textsOf(users, 'post', asOf).flatMap(({ event }) => {
      const under = comments.get(event.rowId) ?? [];
      if (under.length === 0) return [];
      return [
        {
          post_id: keyedHash(salt, event.rowId),
          content_type: event.row['type'] ?? null,
          comments: number(under.length),
          commenters: number(authors(under)),
          score: number(under.length * 10 + authors(under) * 5),
          days_old: number(calendar.dateOf(asOf) - calendar.dateOf(event.createdAt)),
        },
      ];
    }),
  };
}
