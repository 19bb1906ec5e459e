import type { ConnectionSettings } from '../../../src/types/index.js';
import { queryOnce } from '../../support/database.js';
import { addPeopleCases } from './people-cases.js';
import { createRowList } from './row-list.js';
import { addSocialCases } from './social-cases.js';
import { addTalentCases } from './talent-cases.js';
import { addWindowCases } from './window-cases.js';

export { changeHardRows } from './changes.js';
export { hardUntil } from './row-list.js';

/** Puts rows into a sample that reach the rules which the sample itself does not reach; its clock must stand at {@link hardUntil}. */
export async function addHardRows(chemlink: ConnectionSettings, engagement: ConnectionSettings): Promise<void> {
  await queryOnce(chemlink, `alter type vote_type add value 'abstain'`);
  await queryOnce(engagement, `alter type post_type add value 'poll'`);
  const list = createRowList();
  addPeopleCases(list);
  addWindowCases(list);
  addSocialCases(list);
  addTalentCases(list);
  await list.write(chemlink, engagement);
}
