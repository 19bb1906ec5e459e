import { buildRelation, isBuildName, relationOf } from '../materializations/index.js';
import type { ExecutableNode, Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { RunContext } from './execute-options.js';
import { settleRetired } from './publish/settle.js';
import { nameBeforeRetirement } from './publish/swap.js';

const words: Readonly<Record<string, string>> = { r: 'table', v: 'view', m: 'materialized view' };

/** Drops relations by name, whatever they are; those on which something hangs stay. */
async function dropRelations(session: Session, schema: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const rows = await session.rows<{ name: string; kind: string }>(
    'select c.relname as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = any ($2)',
    [schema, names],
  );
  for (const { name, kind } of rows) {
    const word = words[kind];
    if (word !== undefined) {
      await session
        .query(`drop ${word} if exists ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
        .catch(() => undefined);
    }
  }
}

/** Drops what a failed node left under its build name. */
export async function dropNodeBuild(session: Session, node: ExecutableNode): Promise<void> {
  const build = buildRelation(relationOf(node));
  await dropRelations(session, build.schema, [build.identifier]);
}

/** Clears away what a run that was killed left behind in the schemas: builds are dropped, and readers of retired relations are moved to the present ones. */
export async function clearLeftovers(run: RunContext, session: Session, schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) {
    const names = run.cache.list(schema).filter((relation) => relation.identifier.includes('__chemflow_'));
    const builds = names.map((relation) => relation.identifier).filter(isBuildName);
    await dropRelations(session, schema, builds);
    for (const name of builds)
      run.cache.remove({ database: run.project.target.connection.database, schema, identifier: name });
    for (const relation of names) {
      if (nameBeforeRetirement(relation.identifier) === undefined) continue;
      if (relation.type === 'table' || relation.type === 'view' || relation.type === 'materialized_view') {
        run.publishing.retired.set(`${schema}.${relation.identifier}`, {
          schema,
          identifier: relation.identifier,
          kind: relation.type,
        });
      }
    }
  }
}

/** Moves what still reads retired relations to the ones that took their places, and drops the retired; tells of those that must stay. */
export async function settle(run: RunContext, session: Session): Promise<void> {
  for (const [key, retired] of [...run.publishing.retired]) {
    try {
      await settleRetired(run.publishing, session, retired);
      run.publishing.retired.delete(key);
    } catch (error) {
      run.sink({
        kind: 'message',
        level: 'warn',
        code: 'RUN.RETIRED',
        text: `${retired.schema}.${retired.identifier} is kept, because relations that could not be moved to its successor still read it: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
}
