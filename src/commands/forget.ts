import type { Argv } from 'yargs';
import { ChemflowError } from '../error/index.js';
import {
  declarationHint,
  findHeld,
  ownTexts,
  planForgetting,
  refreshViews,
  removeHeld,
  searchFor,
  searchIn,
  type Forgetting,
  type Held,
  type HeldView,
} from '../forget/index.js';
import { personTables, saysNobody } from '../person/index.js';
import type { ResourceId, Session } from '../types/index.js';
import { buildNodes } from './build-nodes.js';
import { checkPersonalData } from './check-personal-data.js';
import type { Command, CommandContext, ExitCode, GlobalOptions } from './command.js';
import { guardSalt } from './guard-salt.js';
import { tellExports } from './held-exports.js';
import { withDerived, type Plans } from './forget-lineage.js';
import { recordRun } from './pipeline.js';
import { prepare, type Prepared } from './prepare.js';
import { openWarehouse, type Warehouse } from './warehouse.js';

interface ForgetOptions extends GlobalOptions {
  readonly source: string;
  readonly key: string;
  readonly accounts: 'with' | 'without' | undefined;
  readonly dryRun: boolean;
}

/** Somebody by the table of people and the key. */
interface Wanted {
  readonly plan: Forgetting;
  readonly key: string;
  readonly held: Held;
}

/**
 * `chemflow forget`: shows what is held of one person, removes it in one transaction (with what was built of it, and a tombstone that keeps extractions from
 * bringing it back), builds again what counted it, and searches the whole database for what is left. Exit code 1 where the search finds something.
 */
export const forgetCommand: Command<ForgetOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    parser.options({
      source: { type: 'string', demandOption: true, describe: 'The table of people: <source>.<table>' },
      key: { type: 'string', demandOption: true, describe: "The person's key there" },
      accounts: {
        choices: ['with', 'without'] as const,
        describe: 'Forget other accounts of the same human too, or leave them',
      },
      'dry-run': { type: 'boolean', default: false, describe: 'Only show what is held' },
    }) as unknown as Argv<ForgetOptions>,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'forget', { fullRefresh: true, args: {} });
    const plans = plansOf(options.source, prepared);
    return options.dryRun
      ? await show(prepared, plans, options, context)
      : await forget(prepared, plans, options, context);
  },
};

/** The asked table's plan, then those of all other tables of people. */
function plansOf(source: string, { manifest, graph, project }: Prepared): Plans {
  const declassifiers = project.root.privacy?.declassifiers ?? [];
  const first = planForgetting(source, manifest, graph, declassifiers);
  const others = [...personTables(manifest)].filter((person) => person !== source);
  return [first, ...others.map((person) => planForgetting(person, manifest, graph, declassifiers))];
}

async function show(
  prepared: Prepared,
  plans: Plans,
  options: ForgetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const warehouse = await openWarehouse(prepared.project, context);
  try {
    const connected = { ...prepared, project: warehouse.project };
    return await warehouse.adapter.withSession(async (session): Promise<ExitCode> => {
      const people = await find(session, await withDerived(plans, connected, session, warehouse, context), options);
      tell(people, context);
      const texts = people.flatMap(({ held }) => held.texts);
      const told = new Set(people.flatMap(({ held }) => held.rows.map(({ relation }) => relation)));
      const others = (await searchFor(session, texts)).filter(({ relation }) => !told.has(relation));
      for (const { relation, rows } of others)
        context.terminal.out(`${relation}: ${rows} rows hold a text or key that the person has (others may share it)`);
      await tellExports(prepared.project, [...texts, ...hashesOf(people)], context);
      context.terminal.err('Nothing was removed: --dry-run.');
      return 0;
    });
  } finally {
    await warehouse.close();
    await prepared.worker?.end();
  }
}

async function forget(
  prepared: Prepared,
  plans: Plans,
  options: ForgetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  let left = 0;
  const exitCode = await recordRun(prepared, true, context, async (connected, warehouse) => {
    const guarded = { rotates: false, ids: Object.keys(connected.manifest.nodes) as ResourceId[] };
    await guardSalt(guarded, connected.project, connected.manifest, warehouse);
    const { people, texts } = await remove(connected, plans, options, warehouse, context);
    await tellExports(connected.project, texts, context);
    const ids = await changedModels(connected, people, warehouse);
    context.terminal.err(`Removed. ${ids.length} models that read from it are built again.`);
    const watch = await checkPersonalData(connected, ids, warehouse, context);
    const results = await buildNodes(connected, ids, [], false, warehouse, context, watch);
    await warehouse.adapter.withSession(async (session) => {
      const found = await searchFor(session, texts);
      left = found.length;
      for (const { relation, rows } of found) context.terminal.out(`STILL HELD ${relation}: ${rows} rows`);
      if (left === 0)
        context.terminal.out(`A search of every table for ${texts.length} texts and keys of the person finds nothing.`);
    });
    return { manifest: connected.manifest, copies: [], results };
  });
  return left > 0 ? 1 : exitCode;
}

/** The removal itself: one transaction, which holds from the first look to the tombstones. Resolves to whom it was about, and what nobody else has of theirs. */
async function remove(
  connected: Prepared,
  plans: Plans,
  options: ForgetOptions,
  warehouse: Warehouse,
  context: CommandContext,
): Promise<{ readonly people: readonly Wanted[]; readonly texts: readonly string[] }> {
  return warehouse.adapter.withSession(async (session) => {
    const whole = await withDerived(plans, connected, session, warehouse, context);
    await session.query('begin');
    try {
      const people = await find(session, whole, options);
      tell(people, context);
      if (people.length > 1 && options.accounts === undefined) throw accountsError(people);
      const chosen = options.accounts === 'with' ? people : people.slice(0, 1);
      const views: HeldView[] = [];
      for (const { plan, key } of chosen) {
        views.push(...(await removeHeld(session, plan, key)));
        await warehouse.state.setTombstone(session, { person: plan.person, key }, connected.invocation.id);
      }
      await refreshViews(session, whole[0], views);
      let texts = [...new Set(chosen.flatMap(({ held }) => held.texts))] as readonly string[];
      const all = texts.length;
      for (const plan of whole) texts = await ownTexts(session, plan, texts);
      if (texts.length < all)
        context.terminal.err(`${all - texts.length} texts are other people's too, and are not searched for.`);
      texts = [...texts, ...hashesOf(chosen)];
      await requireGone(session, whole[0], texts);
      await warehouse.state.blotMessages(session, texts);
      await session.query('commit');
      return { people: chosen, texts };
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      throw error;
    }
  });
}

function hashesOf(people: readonly Wanted[]): readonly string[] {
  return [...new Set(people.flatMap(({ held }) => held.hashes))];
}

/** Throws FORGET.UNDECLARED where what is built still holds something of the person: a row of theirs that no known column tells. */
async function requireGone(session: Session, { derived }: Forgetting, texts: readonly string[]): Promise<void> {
  const telling = derived.filter(({ resource }) => resource.resource_type === 'source' || !saysNobody(resource));
  const [found] = await searchIn(session, telling, texts);
  if (found === undefined) return;
  const { resource } = telling.find(({ schema, name }) => `${schema}.${name}` === found.relation) ?? {};
  throw new ChemflowError({
    code: 'FORGET.UNDECLARED',
    message: `${found.relation} holds something of the person in ${found.rows} rows, but no column of it says whose a row is. Nothing was removed.`,
    hint: declarationHint,
    place: resource === undefined ? undefined : { file: resource.original_file_path, line: 1, column: 1 },
  });
}

/** The person, and the other accounts of the same human. Throws FORGET.NOT_HELD where staging has neither row nor reference. */
async function find(session: Session, [first, ...others]: Plans, { key }: ForgetOptions): Promise<readonly Wanted[]> {
  const held = await findHeld(session, first, key, others);
  if (held.rows.length === 0)
    throw new ChemflowError({
      code: 'FORGET.NOT_HELD',
      message: `Nothing is held of anybody of ${first.person} with this key.`,
      hint: `--key is a value of ${first.key}`,
    });
  const accounts: Wanted[] = [];
  for (const account of held.accounts) {
    const plan = others.find((other) => other.person === account.person);
    if (plan !== undefined)
      accounts.push({
        plan,
        key: account.key,
        held: await findHeld(session, plan, account.key, [first, ...others.filter((one) => one !== plan)]),
      });
  }
  return [{ plan: first, key, held }, ...accounts];
}

function tell(people: readonly Wanted[], { terminal }: CommandContext): void {
  for (const [index, { plan, key, held }] of people.entries()) {
    terminal.out(`${plan.person} ${key}${index === 0 ? '' : ' (another account of the same human)'}:`);
    for (const { relation, removed, unlinked } of held.rows) {
      const parts = [
        ...(removed > 0 ? [`${removed} rows`] : []),
        ...(unlinked > 0 ? [`${unlinked} rows of others that name them`] : []),
      ];
      terminal.out(`  ${relation}: ${parts.join(', ')}`);
    }
  }
}

function accountsError(people: readonly Wanted[]): ChemflowError {
  const names = people.slice(1).map(({ plan }) => plan.person);
  // The message goes into the history of runs, so that it must not name the person; the keys are in what was shown.
  return new ChemflowError({
    code: 'FORGET.ACCOUNTS',
    message: `The same human has other accounts: ${names.join(', ')}.`,
    hint: '--accounts with forgets them too, --accounts without leaves them',
  });
}

/** The models that were changed or read from what was, and that have been built, in build order. */
async function changedModels(
  { manifest, graph }: Prepared,
  people: readonly Wanted[],
  warehouse: Warehouse,
): Promise<readonly ResourceId[]> {
  const changed = people.flatMap(({ held }) => held.rows.map(({ id }) => id));
  const derived = new Set(people.flatMap(({ plan }) => plan.derived.map(({ resource }) => resource.unique_id)));
  const later = new Set(changed.flatMap((id) => [...(derived.has(id) ? [id] : []), ...graph.descendants(id)]));
  const models = [...later].flatMap((id) => {
    const node = manifest.nodes[id];
    return node?.resource_type === 'model' && node.config.materialized !== 'ephemeral' ? [node] : [];
  });
  await warehouse.cache.load(models.map(({ database, schema }) => ({ database, schema })));
  const built = models.filter(({ schema, alias }) =>
    warehouse.cache.list(schema).some(({ identifier }) => identifier === alias),
  );
  return graph.order(built.map(({ unique_id }) => unique_id));
}
