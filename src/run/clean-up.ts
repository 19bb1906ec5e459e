import { buildRelation, isBuildName, relationOf } from '../materializations/index.js';
import type { ExecutableNode, Session } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import type { RunContext } from './execute-options.js';
import { settleRetired } from './publish/settle.js';
import { nameBeforeRetirement } from './publish/swap.js';

const words: Readonly<Record<string, string>> = { r: 'table', v: 'view', m: 'materialized view' };

/** The builds that read a build: materialized views that were to be published together with it. */
async function buildsOn(
  session: Session,
  schema: string,
  name: string,
): Promise<readonly { schema: string; name: string }[]> {
  const rows = await session.rows<{ schema: string; name: string }>(
    `select distinct n.nspname as schema, v.relname as name from pg_depend d join pg_rewrite r on r.oid = d.objid
join pg_class v on v.oid = r.ev_class join pg_namespace n on n.oid = v.relnamespace
where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass($1) and v.oid <> d.refobjid`,
    [`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`],
  );
  return rows.filter((row) => isBuildName(row.name));
}

/** Drops builds by name, whatever they are, those that read them first; one on which something else hangs stays. */
async function dropRelations(session: Session, schema: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  for (const name of names) {
    for (const reader of await buildsOn(session, schema, name))
      await dropRelations(session, reader.schema, [reader.name]);
  }
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
      const name = nameBeforeRetirement(relation.identifier);
      if (name === undefined) continue;
      if (relation.type === 'table' || relation.type === 'view' || relation.type === 'materialized_view') {
        run.publishing.retired.set(`${schema}.${relation.identifier}`, {
          schema,
          identifier: relation.identifier,
          kind: relation.type,
          name,
          readers: [],
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
