import { day } from '../../../src/util/instant.js';
import { ago, type RowList } from './row-list.js';

/** Accounts that match in more than one way, posts, comments and shares of people who do not count. */
export function addSocialCases(list: RowList): void {
  addAccountCases(list);
  addPostCases(list);
  addFinderCases(list);
}

function addAccountCases(list: RowList): void {
  const at = ago(80);
  const account = (external_id: string | null, created = at, deletedAt?: number): string =>
    list.add('engagement.persons', deletedAt === undefined ? { at: created } : { at: created, deletedAt }, {
      external_id,
    });
  const twin = list.person({ at, account: null });
  // The older one links, though deleted; of two of one age the one with the smaller id.
  const owners = [
    account(twin.key.toUpperCase(), at + day),
    account(twin.key, at, at + 2 * day),
    account(twin.key.replace('a', 'A'), at + 2 * day),
  ];
  const even = list.person({ at, account: null });
  owners.push(account(even.key.toUpperCase()), account(even.key));
  const bare = list.person({ at, account: null });
  owners.push(
    account(` ${bare.key}`),
    account(`{${bare.key}}`),
    account(bare.key.replaceAll('-', '')),
    account(`${bare.key}\n`),
    account('\u00a0'),
    account(' \t '),
    account(null),
    account('9a000000-abcd-4000-8abc-99999999dead'),
    account('hard-not-a-uuid'),
  );
  const unborn = list.person({ at: ago(-1), account: null });
  owners.push(account(unborn.key), account(list.person({ at, account: null }).key, ago(-1)));
  for (const accountId of [...owners, '9e000000-abcd-4000-8abc-99999999dead']) {
    list.add('engagement.posts', { at: ago(33) }, { person_id: accountId, type: 'text', content: 'x' });
    list.add('engagement.mentions', { at: ago(33) }, { mentioned_person_id: accountId });
  }
  list.add('engagement.comments', { at: ago(33) }, { person_id: null });
  list.add('chemlink.query_votes', { at: ago(33) }, { voter_id: null, search_key: 'nobody' });
  list.add('chemlink.experiences', { at: ago(33), deletedAt: ago(32) }, { person_id: 8_999_999 });
  list.add('chemlink.education', { at: ago(33) }, { person_id: 8_999_999 });
}

function addPostCases(list: RowList): void {
  const at = ago(90);
  const author = list.person({ at }, { has_finder: true });
  const others = {
    real: list.person({ at }),
    tester: list.person({ at }, { email: 'ghost.reader@hard.example' }),
    gone: list.person({ at, deletedAt: ago(10) }),
  };
  const media = [[], {}, null, 'scalar', 5, true, [null], [[]], { a: 1 }, ['a', 'b']];
  const posts = media.map((media_keys, index) =>
    list.deed(
      'post',
      author,
      { at: ago(70 - index) },
      {
        type: ['text', 'link', 'image', 'file', 'job', 'poll'][index % 6] ?? null,
        media_keys,
        content: [null, '', ' ', '🧪🧪', 'a\tb'][index % 5] ?? null,
        link_url: [null, '', '\u00a0', 'https://hard.example'][index % 4] ?? null,
      },
    ),
  );
  list.deed('post', author, { at: ago(55) }, { type: null, content: 'no type' });
  const deleted = list.deed('post', author, { at: ago(55), deletedAt: ago(50) }, { type: 'text' });
  const test = list.deed('post', others.tester, { at: ago(55) }, { type: 'text' });
  const left = list.deed('post', others.gone, { at: ago(55) }, { type: 'text' });
  for (const post_id of [posts[0], posts[3], deleted, test, left, null, '9e000000-abcd-4000-8abc-99999999dead']) {
    for (const who of Object.values(others)) list.deed('comment', who, { at: ago(40) }, { post_id });
    list.deed('comment', others.real, { at: ago(40), deletedAt: ago(39) }, { post_id });
    // Of one's own post, before it was there, and after as_of.
    list.deed('comment', author, { at: ago(71) }, { post_id });
    list.deed('comment', author, { at: ago(-1) }, { post_id });
  }
  // Commented by people who do not count only.
  list.deed('comment', others.tester, { at: ago(40) }, { post_id: posts[1] });
  list.deed('comment', others.gone, { at: ago(40) }, { post_id: posts[1] });
  // Tiers and intensities: 1, 4, 5, 9, 10, 19 and 20 posts.
  for (const count of [1, 4, 5, 9, 10, 19, 20]) {
    const person = list.person({ at });
    for (let number = 0; number < count; number += 1) {
      list.deed('post', person, { at: ago(25, number) }, { type: 'text', content: 'y' });
    }
    list.deed('view', person, { at: ago(25) });
  }
}

function addFinderCases(list: RowList): void {
  const at = ago(90);
  const voter = list.person({ at }, { has_finder: true });
  const gone = list.person({ at, deletedAt: ago(30) }, { has_finder: true });
  const tester = list.person({ at }, { email: 'someone@mailinator.com' });
  for (const search_key of [null, '', ' ', '\u00a0', 'one', 'one', 'ONE', 'two']) {
    for (const [index, type] of ['upvote', 'downvote', 'abstain', null].entries()) {
      list.deed('vote', voter, { at: ago(60 + index) }, { type, search_key });
    }
  }
  list.deed('vote', gone, { at: ago(60) }, { type: 'upvote', search_key: 'three' });
  list.deed('vote', tester, { at: ago(60) }, { type: 'upvote', search_key: 'four' });
  for (const intent of [null, '', ' ', '\u00a0', 'Unknown', 'unknown', ' Unknown', 'hire']) {
    list.add('chemlink.query_embeddings', { at: ago(60) }, { intent });
    list.add('chemlink.query_embeddings', { at: ago(60), deletedAt: ago(0) }, { intent });
    list.add('chemlink.query_embeddings', { at: ago(-1) }, { intent });
  }
  const share = (added_by: number | null, created: number, access_type: string | null, collection_id: number | null) =>
    list.add('chemlink.collection_collaborators', { at: created }, { added_by, access_type, collection_id });
  for (const access of ['VIEWER', 'viewer', '', ' ', null, 'Not set']) {
    share(voter.id, ago(60), access, 1);
    share(voter.id, ago(60), access, null);
    share(voter.id, at - day, access, 1);
    share(gone.id, ago(60), access, 2);
    share(gone.id, ago(30), access, 3);
    share(gone.id, ago(20), access, 4);
    share(tester.id, ago(60), access, 5);
    share(null, ago(60), access, 6);
    share(8_999_999, ago(60), access, 7);
  }
  list.add(
    'chemlink.collection_collaborators',
    { at: ago(60), deletedAt: ago(59) },
    {
      added_by: voter.id,
      access_type: 'EDITOR',
      collection_id: 8,
    },
  );
}
