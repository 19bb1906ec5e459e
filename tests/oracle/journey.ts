import { day, type Instant } from '../../src/util/instant.js';
import type { Calendar } from './calendar.js';
import { deletionBy, lifetimeActivities } from './core.js';
import { number, stamp, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { activating, activityTypes, columnScore, type Person } from './people.js';
import { compareTexts, isAlive, type Life } from './rows.js';

/** A step of somebody's way; `rank` is its place among those of one instant, `eventId` decides between firsts. */
interface Step {
  readonly type: string;
  readonly at: Instant;
  readonly rank: number;
  readonly eventId: string;
}

const ranks = [
  'signup',
  'profile_completed',
  'first_activity',
  'first_of_type',
  'activated',
  'reactivated',
  'dormant',
  'churned',
  'account_deleted',
] as const;

const step = (type: string, at: Instant, rank: (typeof ranks)[number], eventId = ''): Step => ({
  type,
  at,
  rank: ranks.indexOf(rank),
  eventId,
});

/** The first moment with a score of 70: person columns from the sign-up, children of as_of from their creation. */
export function profileCompletedAt(person: Person, asOf: Instant): Instant | undefined {
  const firstOf = (lives: readonly Life[]): Instant =>
    Math.min(...lives.filter((life) => isAlive(life, asOf)).map((life) => life.createdAt), Infinity);
  const experienceAt = firstOf(person.experiences);
  const educationAt = firstOf(person.education);
  const moments = [person.createdAt, experienceAt, educationAt]
    .filter((moment) => moment !== Infinity)
    .map((moment) => Math.max(moment, person.createdAt))
    .sort((left, right) => left - right);
  const columns = columnScore(person.row);
  return moments.find((moment) => columns + (experienceAt <= moment ? 20 : 0) + (educationAt <= moment ? 15 : 0) >= 70);
}

function stepsOf(person: Person, asOf: Instant): Step[] {
  const steps = [step('signup', person.createdAt, 'signup')];
  const completed = profileCompletedAt(person, asOf);
  if (completed !== undefined) steps.push(step('profile_completed', completed, 'profile_completed'));
  const activities = lifetimeActivities(person, asOf);
  const [first] = activities;
  if (first !== undefined) steps.push(step('first_activity', first.createdAt, 'first_activity'));
  for (const type of activityTypes) {
    const event = activities.find((candidate) => candidate.type === type);
    if (event !== undefined) steps.push(step(`first_${type}`, event.createdAt, 'first_of_type', event.id));
  }
  const activated = activities.find((event) => activating.has(event.type));
  if (activated !== undefined) steps.push(step('activated', activated.createdAt, 'activated'));

  const deletedAt = deletionBy(person, asOf);
  const end = deletedAt ?? asOf;
  let silence = person.createdAt;
  for (const event of [...activities, undefined]) {
    const until = event?.createdAt ?? end;
    if (until - silence > 30 * day) steps.push(step('dormant', silence + 30 * day, 'dormant'));
    if (until - silence > 90 * day) steps.push(step('churned', silence + 90 * day, 'churned'));
    if (event === undefined) break;
    if (until - silence > 30 * day) steps.push(step('reactivated', until, 'reactivated'));
    silence = until;
  }
  if (deletedAt !== undefined) steps.push(step('account_deleted', deletedAt, 'account_deleted'));
  return steps
    .filter(({ at }) => deletedAt === undefined || at <= deletedAt)
    .sort((left, right) => left.at - right.at || left.rank - right.rank || compareTexts(left.eventId, right.eventId));
}

/** core.user_journey_events */
export function journeyEvents(people: readonly Person[], settings: OracleSettings, calendar: Calendar): ExpectedTable {
  const rows = people.flatMap((person) => {
    const signupDate = calendar.dateOf(person.createdAt);
    let previous: number | undefined;
    return stepsOf(person, settings.asOf).map(({ type, at }, index) => {
      const date = calendar.dateOf(at);
      const row = {
        user_key: person.key,
        event_type: type,
        event_at: stamp(at),
        event_order: number(index + 1),
        days_since_signup: number(date - signupDate),
        days_since_previous: number(previous === undefined ? undefined : date - previous),
      };
      previous = date;
      return row;
    });
  });
  return {
    name: 'core.user_journey_events',
    key: ['user_key', 'event_order'],
    columns: {
      user_key: 'uuid',
      event_type: 'text',
      event_at: 'timestamp with time zone',
      event_order: 'integer',
      days_since_signup: 'integer',
      days_since_previous: 'integer',
    },
    rows,
  };
}
