import { withDatabase, type Row } from '../../oracle/read-sources.js';
import type { WarehouseUnderTest } from '../warehouse-under-test.js';

/** The key of each aggregate; every other number in it is a cell. user_engagement_levels is no part of the promise. */
export const keysOf = {
  account_funnel: ['step'],
  activity_by_type: ['metric_month', 'activity_type'],
  churn_analysis: ['metric_month', 'user_type', 'engagement_level'],
  cohort_activation: ['cohort_month'],
  cohort_retention: ['cohort_month', 'weeks_since_signup'],
  collection_metrics: ['metric_month'],
  collection_sharing: ['access_type'],
  content_type_distribution: ['content_type'],
  daily_metrics: ['metric_date'],
  education_distribution: ['degree_name'],
  engagement_intensity: ['metric_month', 'intensity'],
  finder_metrics: ['metric_month'],
  geographic_distribution: ['country'],
  mau_by_country: ['metric_month', 'country'],
  monthly_metrics: ['metric_month'],
  post_metrics: ['metric_date'],
  profile_metrics: ['dimension', 'value'],
  search_intents: ['intent'],
  top_companies: ['company_name'],
  top_posts: ['post_id'],
  top_projects: ['project_name'],
  top_roles: ['role_title'],
  user_segmentation: ['user_type', 'engagement_level', 'user_lifecycle_stage'],
  weekly_metrics: ['metric_week'],
} as const;

export type Table = keyof typeof keysOf;

/** What all aggregates say at one moment. */
export interface Aggregates {
  readonly rows: Readonly<Record<Table, readonly Row[]>>;
  /** By cell name; a cell that is not told is not there. */
  readonly told: ReadonlyMap<string, number>;
}

/** Name of a cell: table, key and column. */
export function cell(table: Table, row: Row, column: string): string {
  return [table, ...keysOf[table].map((key) => row[key] ?? ''), column].join('/');
}

const labels = new Set(['is_complete', 'step_order', 'content_type', 'days_old', 'first_post_at', 'last_post_at']);

/** Reads every aggregate of the warehouse. */
export async function readAggregates(warehouse: WarehouseUnderTest): Promise<Aggregates> {
  return await withDatabase(warehouse.analytics, async (ask) => {
    const rows: Partial<Record<Table, readonly Row[]>> = {};
    const told = new Map<string, number>();
    for (const table of Object.keys(keysOf) as Table[]) {
      const keys: readonly string[] = keysOf[table];
      rows[table] = await ask(`select * from aggregates.${table} order by ${keys.join(', ')}`);
      for (const row of rows[table] ?? []) {
        for (const [column, value] of Object.entries(row)) {
          if (value === null || keys.includes(column) || labels.has(column)) continue;
          told.set(cell(table, row, column), Number(value));
        }
      }
    }
    return { rows: rows as Record<Table, readonly Row[]>, told };
  });
}
