import type { Session } from '../types/index.js';

const write = `
insert into chemflow.source_clocks (staging_schema, source_name, clock, run_started_at)
values ($1, $2, $3, $4)
on conflict (staging_schema, source_name) do update
set (clock, run_started_at) = (excluded.clock, excluded.run_started_at)`;

/** Writes what a source's clock said. */
export async function writeSourceClock(
  session: Session,
  clock: {
    readonly stagingSchema: string;
    readonly sourceName: string;
    readonly clock: string;
    readonly runStartedAt: Date;
  },
): Promise<void> {
  await session.query(write, [clock.stagingSchema, clock.sourceName, clock.clock, clock.runStartedAt.toISOString()]);
}
