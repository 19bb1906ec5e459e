import { activityByType, engagementIntensity, mauByCountry, postMetrics } from './activity.js';
import { cohortRetention, dailyMetrics } from './aggregates.js';
import { behaviorTables } from './behavior.js';
import { createCalendar } from './calendar.js';
import { cohortActivation, userCohorts } from './cohorts.js';
import { contentTypes, topContributors, topPosts } from './content.js';
import { activityEvents, orphanedRecords, unifiedUsers } from './core.js';
import { dimensionTables, experiencesAndEducation, glossaryTerms } from './dimensions.js';
import type { ExpectedTable, OracleSettings } from './expected-table.js';
import { collectionMetrics, collectionSharing, finderMetrics, searchIntents } from './finder.js';
import { createHistory } from './history.js';
import { journeyEvents } from './journey.js';
import { gatherPeople } from './people.js';
import { churnAnalysis, monthlyMetrics, weeklyMetrics } from './periods.js';
import type { Sources } from './read-sources.js';
import { accountFunnel, profileMetrics, realUsers, userEngagementLevels, userSegmentation } from './segments.js';
import { createKnownAt } from './snapshots.js';
import { talentTables } from './talent.js';
import { trainingAndScoring } from './training.js';

/** Every table of the contract's sections 4, 5 and 6, computed from the raw rows. */
export function expectedWarehouse(sources: Sources, settings: OracleSettings): readonly ExpectedTable[] {
  const { asOf } = settings;
  const calendar = createCalendar(settings.timezone);
  const { people, orphans } = gatherPeople(sources, settings);
  const known = createKnownAt(sources.personHistory);
  const history = createHistory(people, settings, calendar);
  const users = unifiedUsers(people, settings, calendar);
  const real = realUsers(people, users);
  return [
    users,
    activityEvents(people, settings, calendar),
    journeyEvents(people, settings, calendar),
    userCohorts(history),
    ...dimensionTables(sources, asOf),
    ...experiencesAndEducation(people, asOf),
    glossaryTerms(sources, asOf),
    orphanedRecords(orphans),
    dailyMetrics(people, settings, calendar),
    weeklyMetrics(history),
    monthlyMetrics(history),
    cohortRetention(people, settings, calendar),
    cohortActivation(history),
    churnAnalysis(history),
    userSegmentation(real),
    userEngagementLevels(real, settings, calendar),
    activityByType(history),
    engagementIntensity(history),
    contentTypes(real, settings),
    topContributors(real, settings),
    topPosts(real, settings, calendar),
    postMetrics(history),
    mauByCountry(history),
    accountFunnel(real),
    profileMetrics(real, settings),
    finderMetrics(sources, history),
    searchIntents(sources, asOf),
    collectionMetrics(sources, people, history),
    collectionSharing(sources, people, asOf),
    ...talentTables(sources, real, asOf),
    ...trainingAndScoring(people, known, settings, calendar),
    ...behaviorTables(real, settings, calendar),
  ];
}
