import { once } from 'node:events';
import type { Session } from '../types/index.js';
import { copyRow } from '../util/copy-text.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { SampleTable } from './sample-table.js';
import type { World } from './world.js';

const chunkLength = 256 * 1024;

/** Copies a table's rows in, a chunk at a time and never faster than the server takes them; resolves to their number. */
export async function loadTable(session: Session, table: SampleTable, world: World): Promise<number> {
  const columns = table.columns.map(quoteIdentifier).join(', ');
  const stream = session.copyFrom(`copy ${quoteIdentifier(table.name)} (${columns}) from stdin`);
  const finished = once(stream, 'finish');
  // Without a listener of its own the rejection of a failed load would be unhandled while rows are still being made.
  finished.catch(() => undefined);
  let rows = 0;
  let chunk = '';
  for (const row of table.rows(world)) {
    rows += 1;
    chunk += copyRow(row);
    if (chunk.length < chunkLength) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), finished]);
    chunk = '';
  }
  stream.end(chunk);
  await finished;
  return rows;
}
