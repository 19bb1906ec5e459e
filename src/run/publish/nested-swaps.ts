import type { Session } from '../../types/index.js';
import { suffixedName } from '../../util/identifier-length.js';
import { quoteIdentifier, quoteLiteral } from '../../util/sql-text.js';
import { kindWord, optionList, qualified } from './carry-over.js';
import { lockTimeout, retryLocked, shortPatience } from './locks.js';
import { inspectRelations, type InspectedRelation } from './inspect.js';
import type { IsPending } from './obstacles.js';
import type { Publishing } from './publishing.js';

/** A relation that takes another's place, by name. */
export interface SwapNames {
  readonly schema: string;
  readonly old: string;
  readonly fresh: string;
  /** Names that the build's indexes are to have, by the names they have. */
  readonly indexNames: ReadonlyMap<string, string>;
}

const buildSuffix = '__chemflow_build';

/** An oid in SQL, of a relation known by name. */
export function oidOf(schema: string, name: string): string {
  return `${quoteLiteral(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)}::regclass`;
}

/** The definitions of relations as they read when `old` has the name `fresh`: read in a transaction that is rolled back. */
async function definitionsOnBuild(
  session: Session,
  swap: SwapNames,
  kinds: { readonly old: InspectedRelation['kind']; readonly fresh: InspectedRelation['kind'] },
  oids: readonly string[],
): Promise<InspectedRelation[]> {
  const name = (identifier: string): string => `${quoteIdentifier(swap.schema)}.${quoteIdentifier(identifier)}`;
  const aside = suffixedName(swap.fresh, '_');
  try {
    const before = [
      'begin',
      lockTimeout,
      `alter ${kindWord(kinds.fresh)} ${name(swap.fresh)} rename to ${quoteIdentifier(aside)}`,
      `alter ${kindWord(kinds.old)} ${name(swap.old)} rename to ${quoteIdentifier(swap.fresh)}`,
    ];
    return await inspectRelations(session, oids, before, true);
  } finally {
    await session.query('rollback');
  }
}

/**
 * Builds aside, on the build of what they read, the materialized views that hang on a relation and are not rebuilt by this run: with data and indexes,
 * ready to be swapped together with it. Returns their swaps, those of their own dependents too.
 */
export async function buildDependentsAside(
  publishing: Pick<Publishing, 'exclusively' | 'stopped'> & { readonly isPending: IsPending },
  session: Session,
  run: (sql: string) => Promise<unknown>,
  swap: SwapNames,
  kinds: { readonly old: InspectedRelation['kind']; readonly fresh: InspectedRelation['kind'] },
  old: InspectedRelation,
): Promise<SwapNames[]> {
  const dependents = old.views.filter((view) => view.kind === 'materialized_view' && !publishing.isPending(view));
  if (dependents.length === 0) return [];
  const oids = dependents.map((view) => view.oid);
  const definitions = await retryLocked(
    () => publishing.exclusively(() => definitionsOnBuild(session, swap, kinds, oids)),
    shortPatience,
    publishing.stopped,
  );
  const swaps: SwapNames[] = [];
  for (const view of definitions) {
    const fresh = suffixedName(view.name, buildSuffix);
    const target = `${quoteIdentifier(view.schema)}.${quoteIdentifier(fresh)}`;
    const options = view.options.length === 0 ? '' : ` with (${optionList(view.options)})`;
    const indexNames = new Map(view.indexes.map((index) => [suffixedName(index.name, buildSuffix), index.name]));
    const query = (view.definition ?? '').replace(/;\s*$/, '');
    await run(
      [
        `drop materialized view if exists ${target}`,
        `create materialized view ${target}${options} as\n${query}${view.populated ? '' : '\nwith no data'}`,
        ...view.indexes.map((index) => indexOnBuild(index, suffixedName(index.name, buildSuffix), target)),
        ...(view.populated ? [`analyze ${target}`] : []),
      ].join(';\n'),
    );
    const own: SwapNames = { schema: view.schema, old: view.name, fresh, indexNames };
    const [inspected] = await inspectRelations(session, [view.oid]);
    swaps.push(own);
    if (inspected !== undefined) {
      const both = { old: 'materialized_view', fresh: 'materialized_view' } as const;
      swaps.push(...(await buildDependentsAside(publishing, session, run, own, both, inspected)));
    }
  }
  return swaps;
}

/** An index definition of pg_get_indexdef under another name and on another relation. */
function indexOnBuild(index: InspectedRelation['indexes'][number], name: string, target: string): string {
  const unique = index.definition.startsWith('CREATE UNIQUE') ? 'unique ' : '';
  const extent = index.definition.slice(index.definition.indexOf(' USING '));
  return `create ${unique}index ${quoteIdentifier(name)} on ${target}${extent}`;
}

/** A statement that drops a build that was not published. */
export function dropBuild(relation: InspectedRelation): string {
  return `drop ${kindWord(relation.kind)} if exists ${qualified(relation)}`;
}

/** The oid in SQL of a relation that may not exist; 0 then. */
export function existingOid(schema: string, name: string): string {
  return `coalesce(to_regclass(${quoteLiteral(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)})::oid, 0)`;
}

/** Drops a dependent's build that was not published; what cannot be dropped now is cleared away with the relation that it reads. */
export async function dropNestedBuild(session: Session, swap: SwapNames): Promise<void> {
  const name = `${quoteIdentifier(swap.schema)}.${quoteIdentifier(swap.fresh)}`;
  await session.query(`drop materialized view if exists ${name}`).catch(() => undefined);
}
