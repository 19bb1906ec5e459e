import { cohortRetention, dailyMetrics } from './aggregates.js';
import { createCalendar } from './calendar.js';
import { activityEvents, orphanedRecords, unifiedUsers } from './core.js';
import type { ExpectedTable, OracleSettings } from './expected-table.js';
import { journeyEvents } from './journey.js';
import { gatherPeople } from './people.js';
import type { Sources } from './read-sources.js';
import { createKnownAt } from './snapshots.js';
import { trainingActivation, trainingEngagement } from './training.js';

/** The contract's tables of issue 3, computed from the raw rows. */
export function expectedWarehouse(sources: Sources, settings: OracleSettings): readonly ExpectedTable[] {
  const calendar = createCalendar(settings.timezone);
  const { people, orphans } = gatherPeople(sources, settings);
  const known = createKnownAt(sources.personHistory);
  return [
    unifiedUsers(people, settings, calendar),
    activityEvents(people, settings, calendar),
    journeyEvents(people, settings, calendar),
    orphanedRecords(orphans),
    dailyMetrics(people, settings, calendar),
    cohortRetention(people, settings, calendar),
    trainingActivation(people, known, settings, calendar),
    trainingEngagement(people, known, settings, calendar),
  ];
}
