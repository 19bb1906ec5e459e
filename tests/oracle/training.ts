import { day, type Instant } from '../../src/util/instant.js';
import type { Calendar } from './calendar.js';
import { flag, number, type Cell, type ColumnType, type ExpectedTable, type OracleSettings } from './expected-table.js';
import { quotient } from './numbers.js';
import { features, isActivity, observe, type Observation, type Phase } from './observations.js';
import {
  activating,
  activityTypes,
  countByType,
  engagementLevel,
  engagementScore,
  eventTypes,
  type Person,
} from './people.js';
import type { KnownAt } from './snapshots.js';

const exampleTypes: Record<string, ColumnType> = {
  example_id: 'text',
  observed_on: 'date',
  cohort_month: 'date',
  is_point_in_time: 'boolean',
};
const splitTypes: Record<string, ColumnType> = { split: 'text', time_split: 'text' };

const featureTypes = (window: '7d' | '30d', countedTypes: readonly string[]): Record<string, ColumnType> => ({
  has_finder: 'boolean',
  signup_dow: 'integer',
  signup_hour: 'integer',
  signup_month: 'integer',
  profile_completion_score: 'integer',
  [`profile_update_count_${window}`]: 'bigint',
  experience_count: 'bigint',
  education_count: 'bigint',
  language_count: 'bigint',
  ...Object.fromEntries(countedTypes.map((type) => [`${type}_count_${window}`, 'bigint' as const])),
  [`active_days_${window}`]: 'bigint',
  hours_to_first_activity: 'numeric(12,2)',
  has_engagement_account: 'boolean',
});

/** `train`, `validation` or `test`, by the example's hash alone. */
export function splitOf(exampleId: string): string {
  const share = Number.parseInt(exampleId.slice(0, 8), 16) % 100;
  return share < 80 ? 'train' : share < 90 ? 'validation' : 'test';
}

/** Adds `split` by the example's hash, and `time_split` by the table's last dates of observation. */
function withSplits(rows: readonly Record<string, Cell>[]): Record<string, Cell>[] {
  const dateOf = (row: Record<string, Cell>): number =>
    Date.parse(`${row['observed_on'] ?? ''}T00:00:00Z`) / 86_400_000;
  const last = rows.reduce((latest, row) => Math.max(latest, dateOf(row)), -Infinity);
  return rows.map((row) => {
    const age = last - dateOf(row);
    return {
      ...row,
      split: splitOf(row['example_id'] ?? ''),
      time_split: age < 30 ? 'test' : age < 60 ? 'validation' : 'train',
    };
  });
}

type Row = Record<string, Cell>;
type Work = (observation: Observation) => Row;

/** Who is not activated a week after sign-up, with the features known then. */
function activationExamples(people: readonly Person[], phase: Phase, asOf: Instant): Observation[] {
  return observe(people, asOf, { days: 7, labelDays: 30, phase }).filter(
    ({ before }) => !before.some((event) => activating.has(event.type)),
  );
}

const activationTypes = ['view', 'collection_add', 'group_join'] as const;

function activationFeatures(known: KnownAt, settings: OracleSettings, calendar: Calendar): Work {
  return (observation) => {
    const count = countByType(observation.before);
    return {
      ...features(observation, '7d', known, settings, calendar),
      ...Object.fromEntries(activationTypes.map((type) => [`${type}_count_7d`, number(count(type))])),
    };
  };
}

const activationLabels =
  (calendar: Calendar): Work =>
  ({ person, after }) => {
    const activated = after.filter((event) => activating.has(event.type));
    const [first] = activated;
    return {
      activated_30d: flag(activated.length > 0),
      activated_social_30d: flag(activated.some(({ type }) => type === 'post' || type === 'comment')),
      activated_finder_30d: flag(activated.some(({ type }) => type === 'vote' || type === 'collection')),
      days_to_activation: number(
        first === undefined ? undefined : calendar.dateOf(first.createdAt) - calendar.dateOf(person.createdAt),
      ),
    };
  };

function engagementFeatures(known: KnownAt, settings: OracleSettings, calendar: Calendar): Work {
  return (observation) => {
    const { person, before } = observation;
    const activities = before.filter(isActivity);
    const count = countByType(before);
    const within = (from: number, to: number): number =>
      activities.filter(({ createdAt }) => {
        const age = createdAt - person.createdAt;
        return age >= from * day && age < to * day;
      }).length;
    return {
      ...features(observation, '30d', known, settings, calendar),
      ...Object.fromEntries(activityTypes.map((type) => [`${type}_count_30d`, number(count(type))])),
      activity_types_30d: number(new Set(activities.map(({ type }) => type)).size),
      activity_trend: quotient(within(14, 28), within(0, 14)),
      was_activated: flag(activities.some(({ type }) => activating.has(type))),
    };
  };
}

const engagementTypes: Record<string, ColumnType> = {
  ...featureTypes('30d', eventTypes),
  activity_types_30d: 'bigint',
  activity_trend: 'numeric(12,2)',
  was_activated: 'boolean',
};

const engagementLabels: Work = ({ before, after }) => {
  const earlier = countByType(before);
  const later = countByType(after);
  return {
    engagement_score_90d: number(engagementScore(later)),
    engagement_level_90d: engagementLevel(later),
    retained_90d: flag(after.length > 0),
    churned_90d: before.some(isActivity) ? flag(after.length === 0) : null,
    became_power_user_90d: flag(engagementLevel(later) === 'POWER_USER' && engagementLevel(earlier) !== 'POWER_USER'),
  };
};

/** ai.training_data_activation and ai.training_data_engagement, ai.scoring_activation and ai.scoring_engagement */
export function trainingAndScoring(
  people: readonly Person[],
  known: KnownAt,
  settings: OracleSettings,
  calendar: Calendar,
): ExpectedTable[] {
  const { asOf } = settings;
  const activation = activationFeatures(known, settings, calendar);
  const engagement = engagementFeatures(known, settings, calendar);
  const labels = activationLabels(calendar);
  const engaged = (phase: Phase): Observation[] => observe(people, asOf, { days: 30, labelDays: 90, phase });
  return [
    {
      name: 'ai.training_data_activation',
      key: ['example_id'],
      columns: {
        ...exampleTypes,
        ...splitTypes,
        ...featureTypes('7d', activationTypes),
        activated_30d: 'boolean',
        activated_social_30d: 'boolean',
        activated_finder_30d: 'boolean',
        days_to_activation: 'integer',
      },
      rows: withSplits(
        activationExamples(people, 'training', asOf).map((observation) => ({
          ...activation(observation),
          ...labels(observation),
        })),
      ),
    },
    {
      name: 'ai.training_data_engagement',
      key: ['example_id'],
      isOrderFree: true,
      columns: {
        ...exampleTypes,
        ...splitTypes,
        ...engagementTypes,
        engagement_score_90d: 'integer',
        engagement_level_90d: 'text',
        retained_90d: 'boolean',
        churned_90d: 'boolean',
        became_power_user_90d: 'boolean',
      },
      rows: withSplits(
        engaged('training').map((observation) => ({ ...engagement(observation), ...engagementLabels(observation) })),
      ),
    },
    {
      name: 'ai.scoring_activation',
      key: ['example_id'],
      columns: { ...exampleTypes, ...featureTypes('7d', activationTypes) },
      rows: activationExamples(people, 'scoring', asOf).map(activation),
    },
    {
      name: 'ai.scoring_engagement',
      key: ['example_id'],
      isOrderFree: true,
      columns: { ...exampleTypes, ...engagementTypes },
      rows: engaged('scoring').map(engagement),
    },
  ];
}
