import { day, formatInstant, hour, minute, type Instant } from '../util/instant.js';
import { countAround, hashOf, integerBetween, pick, randomFor, uuidFor, type Random } from '../util/random.js';
import type { CopyValue } from '../util/copy-text.js';
import { momentsOf, type Deed } from './activities.js';
import { planPerson, type PersonKind } from './people.js';
import { emailOf } from './profile-tables.js';
import { deletionAfter, stampColumns, stamps, updatedAfter, type SampleTable } from './sample-table.js';
import { planStray, strayCount } from './social-people.js';
import { canaries, freeText, personName } from './texts.js';
import { chosenPerson, type World } from './world.js';

/** One deed on the social platform. */
interface SocialDeed {
  readonly id: string;
  readonly personId: string | null;
  readonly kind: PersonKind | 'stray';
  readonly canary: number;
  readonly at: Instant;
  readonly random: Random;
}

const deedId = (world: World, deed: Deed, owner: number | string, index: number): string =>
  uuidFor(world.seed, deed, owner, index);

/** The deeds of one kind: of stray accounts, of accounts that are gone, of people. */
function* socialDeeds(world: World, deed: Deed): Generator<SocialDeed> {
  for (let number = 0; number < strayCount(world); number += 1) {
    const stray = planStray(world, number);
    const random = randomFor(world.seed, deed, 'stray', number);
    for (let index = countAround(random, 0.8); index > 0; index -= 1) {
      const at = integerBetween(random, stray.createdAt, Math.max(stray.createdAt + day, world.until));
      const id = deedId(world, deed, 'stray', number * 100 + index);
      yield { id, personId: stray.engagementId, kind: 'stray', canary: -1, at, random };
    }
  }
  for (let index = 0; index < Math.max(3, Math.round(world.users / 500)); index += 1) {
    const random = randomFor(world.seed, deed, 'orphan', index);
    const personId = index === 0 ? null : uuidFor(world.seed, 'gone', index);
    const at = world.until - integerBetween(random, minute, 100 * day);
    yield { id: deedId(world, deed, 'orphan', index), personId, kind: 'stray', canary: -1, at, random };
  }
  for (let number = 0; number < world.users; number += 1) {
    const person = planPerson(world, number);
    const moments = momentsOf(world, person, deed);
    if (moments.length === 0) continue;
    const random = randomFor(world.seed, deed, 'row', number);
    for (const [index, at] of moments.entries()) {
      const id = deedId(world, deed, number, index);
      yield { id, personId: person.engagementId, kind: person.kind, canary: person.canary, at, random };
    }
  }
}

/** A post that others may comment on. */
interface KnownPost {
  readonly id: string;
  readonly at: Instant;
}

const knownPosts = new WeakMap<World, readonly KnownPost[]>();

/** Some thousands of posts in order of time, enough for comments to refer to without holding all. */
function postsToCommentOn(world: World): readonly KnownPost[] {
  const known = knownPosts.get(world);
  if (known !== undefined) return known;
  const posts: KnownPost[] = [];
  for (const [purpose, most] of [
    ['finder', 600],
    ['lively', 300],
    ['ghost', 20],
    ['returning', 300],
  ] as const) {
    const count = world.counts[purpose];
    for (let block = 0; block < Math.min(count, most); block += 1) {
      const number = chosenPerson(world, purpose, count, block);
      const moments = momentsOf(world, planPerson(world, number), 'post');
      for (const [index, at] of moments.entries()) posts.push({ id: deedId(world, 'post', number, index), at });
    }
  }
  posts.sort((left, right) => left.at - right.at);
  knownPosts.set(world, posts);
  return posts;
}

/** A post made before a moment, mostly a recent one; null where there is none. */
function postBefore(world: World, at: Instant, random: Random): string | null {
  const posts = postsToCommentOn(world);
  let low = 0;
  for (let high = posts.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((posts[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  return posts[Math.max(0, low - 1 - Math.floor(random() ** 3 * low))]?.id ?? null;
}

const groupCount = (world: World): number => Math.max(6, Math.min(2000, Math.round(world.users / 100)));
const groupId = (world: World, random: Random): string =>
  uuidFor(world.seed, 'group', integerBetween(random, 0, groupCount(world) - 1));

/** The part of posts that is soft-deleted, as measured in production. */
const deletedPosts = 0.968;

function* postRows(world: World): Generator<readonly CopyValue[]> {
  let total = 0;
  let gone = 0;
  for (const { id, personId, kind, canary, at, random } of socialDeeds(world, 'post')) {
    total += 1;
    // Real people delete one post in five; the ghosts' posts are deleted so that the whole comes to the measured part.
    const isGone = kind === 'ghost' ? gone < deletedPosts * total : random() < 0.2;
    if (isGone) gone += 1;
    const type = pick(random, ['text', 'text', 'text', 'link', 'image', 'file', 'job'] as const);
    const content = canaries[canary]?.text ?? freeText(random);
    const deleted = isGone ? deletionAfter(world, at, random) : null;
    yield [
      id,
      personId,
      random() < 0.2 ? groupId(world, random) : null,
      random() < 0.005 ? null : type,
      type === 'text' || random() < 0.5 ? content : pick(random, ['', '  ', null]),
      type === 'link' ? 'https://news.example/a?b=1&c="2"' : pick(random, ['', null]),
      type === 'image' || type === 'file' ? '["keys/1.jpg", "keys/ü.jpg"]' : pick(random, ['[]', 'null', '{}', null]),
      pick(random, ['published', 'published', 'draft', 'hidden']),
      type === 'link' ? random() < 0.7 : null,
      random() < 0.01 ? personId : null,
      formatInstant(at),
      formatInstant(deleted ?? updatedAfter(world, at, random)),
      deleted === null ? null : formatInstant(deleted),
    ];
  }
}

function* commentRows(world: World): Generator<readonly CopyValue[]> {
  let previous: string | null = null;
  for (const { id, personId, kind, canary, at, random } of socialDeeds(world, 'comment')) {
    yield [
      id,
      postBefore(world, at, random) ?? uuidFor(world.seed, 'gone post', hashOf(id)),
      personId,
      random() < 0.1 ? previous : null,
      random() < 0.02 ? '' : (canaries[canary]?.text ?? freeText(random)),
      ...stamps(world, at, random, kind === 'ghost' ? 0.9 : 0.08),
    ];
    previous = id;
  }
}

function* personRows(world: World): Generator<readonly CopyValue[]> {
  const row = (id: string, externalId: string | null, values: readonly CopyValue[], stamped: readonly CopyValue[]) => [
    id,
    externalId,
    ...values,
    ...stamped,
  ];
  for (let number = 0; number < world.users; number += 1) {
    const person = planPerson(world, number);
    if (person.engagementId === null) continue;
    const random = randomFor(world.seed, 'social person', number);
    const drawn = personName(random);
    const canary = canaries[person.canary];
    const email = emailOf(person, randomFor(world.seed, 'persons mail', number));
    const values = [
      random() < 0.8 ? `iam|${uuidFor(world.seed, 'iam', number)}` : null,
      canary?.first ?? drawn.first,
      null,
      canary?.last ?? drawn.last,
      email,
      random() < 0.4 ? pick(random, ['NovaLabs', 'Rheinchem GmbH', '', null]) : null,
      random() < 0.4 ? pick(random, ['Chemist', 'Buyer', '']) : null,
      pick(random, ['EMPLOYED', 'SEEKING', 'STUDENT', 'RETIRED', null]),
      canary?.phone ?? null,
      canary === undefined ? null : '+49',
      random() < 0.2 ? `pictures/${number}` : null,
      random() < 0.2 ? formatInstant(person.engagementAt + hour) : null,
    ];
    yield row(person.engagementId, person.externalId, values, stamps(world, person.engagementAt, random, 0.02));
  }
  for (let number = 0; number < strayCount(world); number += 1) {
    const stray = planStray(world, number);
    const drawn = personName(randomFor(world.seed, 'stray name', number));
    const at = formatInstant(stray.createdAt);
    const deleted = stray.deletedAt === null ? null : formatInstant(stray.deletedAt);
    const values = [null, drawn.first, null, drawn.last, `stray${number}@mail.example`, ...Array<null>(7).fill(null)];
    yield row(stray.engagementId, stray.externalId, values, [at, deleted ?? at, deleted]);
  }
}

function* mentionRows(world: World): Generator<readonly CopyValue[]> {
  for (const deed of ['comment', 'post'] as const) {
    for (const { id, personId, kind, at } of socialDeeds(world, deed)) {
      const random = randomFor(world.seed, 'mention', id);
      if (random() > (kind === 'ghost' ? 0.04 : 0.3)) continue;
      const chosen = planPerson(world, integerBetween(random, 0, world.users - 1));
      const mentioned = random() < 0.05 ? planStray(world, 2).engagementId : chosen.engagementId;
      const deleted = random() < 0.1 ? formatInstant(at + hour) : null;
      const isComment = deed === 'comment';
      yield [
        uuidFor(world.seed, 'mention', id),
        mentioned ?? uuidFor(world.seed, 'gone', 1),
        personId,
        isComment ? null : id,
        isComment ? id : null,
        pick(random, ['USER', null]),
        formatInstant(at),
        deleted,
      ];
    }
  }
}

function* reportRows(world: World): Generator<readonly CopyValue[]> {
  for (const [index, post] of postsToCommentOn(world).entries()) {
    const random = randomFor(world.seed, 'report', index);
    if (random() > 0.02) continue;
    const reporter = planPerson(world, integerBetween(random, 0, world.users - 1)).engagementId;
    yield [
      uuidFor(world.seed, 'report', index),
      reporter,
      post.id,
      pick(random, ['(spam,"sells pills")', '(abuse,)', '(other,"say ""what"", \\\\ and (so)")', null]),
      pick(random, ['OPEN', 'CLOSED', '']),
      ...stamps(world, post.at + integerBetween(random, minute, 2 * day), random, 0.05),
    ];
  }
}

/** The social platform's tables. */
export const socialTables: readonly SampleTable[] = [
  {
    name: 'persons',
    columns: [
      ...['id', 'external_id', 'iam_id', 'first_name', 'middle_name', 'last_name', 'email', 'company_name'],
      ...['role_title', 'employment_status', 'mobile_number', 'mobile_number_country_code', 'profile_picture_key'],
      ...['profile_pic_updated_at', ...stampColumns],
    ],
    rows: personRows,
  },
  {
    name: 'groups',
    columns: ['id', 'name', 'description', 'created_by', ...stampColumns],
    *rows(world) {
      for (let number = 0; number < groupCount(world); number += 1) {
        const random = randomFor(world.seed, 'groups', number);
        const owner = planPerson(world, integerBetween(random, 0, world.users - 1));
        const at = world.until - integerBetween(random, 20 * day, 130 * day);
        const values = [`Group ${number} ${freeText(random).slice(0, 40)}`, freeText(random), owner.engagementId];
        yield [uuidFor(world.seed, 'group', number), ...values, ...stamps(world, at, random, 0.05)];
      }
    },
  },
  {
    name: 'posts',
    columns: [
      ...['id', 'person_id', 'group_id', 'type', 'content', 'link_url', 'media_keys', 'status', 'link_has_preview'],
      ...['pinned_by', ...stampColumns],
    ],
    rows: postRows,
  },
  {
    name: 'comments',
    columns: ['id', 'post_id', 'person_id', 'parent_comment_id', 'content', ...stampColumns],
    rows: commentRows,
  },
  {
    name: 'group_members',
    columns: ['id', 'group_id', 'person_id', 'role', 'confirmed_at', ...stampColumns],
    *rows(world) {
      for (const { id, personId, at, random } of socialDeeds(world, 'group_join')) {
        const confirmed = random() < 0.8 ? formatInstant(at + integerBetween(random, 0, 2 * day)) : null;
        const values = [groupId(world, random), personId, pick(random, ['MEMBER', 'ADMIN', null]), confirmed];
        yield [id, ...values, ...stamps(world, at, random, 0.06)];
      }
    },
  },
  {
    name: 'mentions',
    columns: [
      ...['id', 'mentioned_person_id', 'mentioned_by_person_id', 'post_id', 'comment_id', 'type'],
      ...['created_at', 'deleted_at'],
    ],
    rows: mentionRows,
  },
  {
    name: 'reports',
    columns: ['id', 'reporter_id', 'reported_post_id', 'reason', 'status', ...stampColumns],
    rows: reportRows,
  },
];
