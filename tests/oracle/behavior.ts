import { hour } from '../../src/util/instant.js';
import { dateText, type Calendar } from './calendar.js';
import { keyedHash, lifetimeActivities } from './core.js';
import { number, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { percentile, quotient, rate } from './numbers.js';
import { addTo, type Event } from './people.js';
import type { RealUser } from './segments.js';
import { splitOf } from './training.js';

/** What a real account has done from its sign-up on. */
interface Sequence {
  readonly exampleId: string;
  readonly activities: readonly Event[];
}

/** What lies between one activity and the next. */
interface Transition {
  readonly from: string;
  readonly to: string;
  readonly time: number;
  readonly exampleId: string;
}

const transitionsOf = ({ activities, exampleId }: Sequence): Transition[] =>
  activities.slice(1).map((event, index) => {
    const before = activities[index] ?? event;
    return { from: before.type, to: event.type, time: event.createdAt - before.createdAt, exampleId };
  });

/** ai.behavior_sequences and ai.behavior_patterns */
export function behaviorTables(
  users: readonly RealUser[],
  { asOf, salt }: OracleSettings,
  calendar: Calendar,
): ExpectedTable[] {
  const sequences = users
    .map(({ person }) => ({
      exampleId: keyedHash(salt, person.key),
      activities: lifetimeActivities(person, asOf),
    }))
    .filter(({ activities }) => activities.length > 0);
  const learned = sequences.filter(({ exampleId }) => splitOf(exampleId) === 'train').flatMap(transitionsOf);
  const patterns = new Map<string, Transition[]>();
  for (const transition of learned) addTo(patterns, `${transition.from} ${transition.to}`, transition);
  return [
    {
      name: 'ai.behavior_sequences',
      key: ['example_id'],
      columns: {
        example_id: 'text',
        observed_on: 'date',
        activity_types: 'text[]',
        hours_between: 'numeric[]',
        split: 'text',
      },
      rows: sequences.map((sequence) => ({
        example_id: sequence.exampleId,
        observed_on: dateText(calendar.dateOf(asOf)),
        activity_types: `{${sequence.activities.map(({ type }) => type).join(',')}}`,
        hours_between: `{${transitionsOf(sequence)
          .map(({ time }) => quotient(time, hour))
          .join(',')}}`,
        split: splitOf(sequence.exampleId),
      })),
    },
    {
      name: 'ai.behavior_patterns',
      key: ['from_type', 'to_type'],
      columns: {
        from_type: 'text',
        to_type: 'text',
        transitions: 'bigint',
        users: 'bigint',
        rate: 'numeric(12,2)',
        median_hours: 'numeric(12,2)',
      },
      rows: [...patterns.values()].map((transitions) => ({
        from_type: transitions[0]?.from ?? null,
        to_type: transitions[0]?.to ?? null,
        transitions: number(transitions.length),
        users: number(new Set(transitions.map(({ exampleId }) => exampleId)).size),
        rate: rate(transitions.length, learned.filter(({ from }) => from === transitions[0]?.from).length),
        median_hours: percentile(
          transitions.map(({ time }) => time),
          50,
          hour,
        ),
      })),
    },
  ];
}
