import { ChemflowError } from '../error/index.js';
import type { Adapter, Session } from '../types/index.js';
import { advanceProfiles } from './advance-profiles.js';
import { advanceSocial } from './advance-social.js';
import { withAdapter, type SampleOptions } from './create-sample.js';
import { readMark, say, storeMark } from './databases.js';
import { createPassage, type Passage } from './passage.js';

async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('begin');
  try {
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function advanceDatabase<T>(
  adapter: Adapter,
  label: string,
  days: number,
  work: (session: Session, passage: Passage) => Promise<T>,
): Promise<T> {
  return await adapter.withSession(async (session) => {
    const mark = await readMark(session);
    const passage = createPassage(mark, days, label);
    return await inTransaction(session, async () => {
      const result = await work(session, passage);
      await storeMark(session, { ...mark, clock: passage.to });
      return result;
    });
  });
}

/**
 * Lets days go by in a sample: sign-ups, edits, activity, soft and hard deletes, accounts linked anew, late commits; the clock moves on.
 * The same sample and days give the same rows. SAMPLE.NONE where there is no sample.
 */
export async function advanceSample(
  options: Pick<SampleOptions, 'chemlink' | 'engagement' | 'sink'> & { readonly days: number },
): Promise<void> {
  const { days, sink } = options;
  if (!Number.isSafeInteger(days) || days < 1) {
    throw new ChemflowError({
      code: 'CONFIG.INVALID_OPTION',
      message: 'A sample is advanced by a whole number of days, one or more.',
    });
  }
  const actors = await withAdapter(options.chemlink, (adapter) =>
    advanceDatabase(adapter, 'chemlink', days, advanceProfiles),
  );
  await withAdapter(options.engagement, (adapter) =>
    advanceDatabase(adapter, 'engagement', days, (session, passage) => advanceSocial(session, passage, actors)),
  );
  say(sink, `the sample is ${days} ${days === 1 ? 'day' : 'days'} older`);
}
