import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';
import { createCheckedWarehouse, type CheckedWarehouse } from './checked-warehouse.js';

let checked: CheckedWarehouse;

beforeAll(async () => {
  checked = await createCheckedWarehouse();
});
afterAll(async () => {
  await checked.drop();
});

const observations = 'macros/observations.sql';
const declared = readFileSync(join(packageRoot, 'models/ai/ai.yml'), 'utf8');
const features = /name: engagement_observations[^]*?features:\s*\[([^\]]*)\]/.exec(declared)?.[1]?.match(/\w+/g) ?? [];

test('every feature but those of sign-up is caught where it is taken as of the end of time', async () => {
  // The moment is published as before; whatever was compared with it is compared with the end of time.
  const lookAhead = (text: string): string => {
    const end = text.indexOf('{% macro label_activities');
    const lines = text.slice(0, end).split('\n');
    const ahead = lines.map((line) =>
      /^ *observed\.observed_at,$|as observed_on/.test(line)
        ? line
        : line.replace('observed.observed_at', 'observed.end_of_time'),
    );
    const column = "as observed_at,\n    'infinity'::timestamptz as end_of_time,";
    return ahead.join('\n').replace('as observed_at,', () => column) + text.slice(end);
  };
  const told = await checked.checkWith(observations, lookAhead, '--select', 'engagement_observations', '--cuts', '2');
  expect(features.length).toBeGreaterThan(20);
  const unseen = features.filter((feature) => !told.includes(`${feature}: `));
  expect(unseen).toEqual(['cohort_month', 'signup_dow', 'signup_hour', 'signup_month']);
});

test.each([
  {
    title: 'a deletion that came later',
    was: '(activities.deleted_at is null or activities.deleted_at > observed.observed_at)',
    is: 'activities.deleted_at is null',
    cause: /post_count: \d+ observed by .* differ when rows are (added|deleted|changed) after it in engagement\.posts/,
  },
  {
    title: 'an experience of the weeks after',
    was: "is_there(table, 'observed.observed_at')",
    is: `is_there(table, "observed.observed_at + interval '60 days'")`,
    cause:
      /experience_count: \d+ observed by .* differ when rows are (added|deleted|changed) after it in chemlink\.experiences/,
  },
  {
    title: 'an account of the social platform that was made later',
    was: '\n  and observed.engagement_account_created_at <= observed.observed_at as has_engagement_account',
    is: ' as has_engagement_account',
    cause: /has_engagement_account: \d+ observed by .* differ when .* in engagement\.persons/,
  },
])('$title is told from what was known', async ({ was, is, cause }) => {
  const told = await checked.checkWith(
    observations,
    (text) => text.replace(was, () => is),
    '--select',
    'engagement_observations',
    '--cuts',
    '2',
  );
  expect(told).toMatch(cause);
});
