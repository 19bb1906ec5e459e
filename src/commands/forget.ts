import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { ChemflowError } from '../error/index.js';
import {
  findHeld,
  ownTexts,
  planForgetting,
  removeHeld,
  searchFor,
  type Forgetting,
  type Held,
} from '../forget/index.js';
import { personTables } from '../person/index.js';
import type { Project, ResourceId, Session } from '../types/index.js';
import { buildNodes } from './build-nodes.js';
import { guardSalt } from './guard-salt.js';
import type { Command, CommandContext, ExitCode, GlobalOptions } from './command.js';
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
 * `chemflow forget`: shows what is held of one person, removes it in one transaction with a tombstone that keeps extractions from bringing it back, builds
 * what came of it again, and searches the whole database for what is left. Exit code 1 where the search finds something.
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
function plansOf(source: string, { manifest, graph }: Prepared): readonly [Forgetting, ...Forgetting[]] {
  const first = planForgetting(source, manifest, graph);
  const others = [...personTables(manifest)].filter((person) => person !== source);
  return [first, ...others.map((person) => planForgetting(person, manifest, graph))];
}

async function show(
  prepared: Prepared,
  plans: readonly [Forgetting, ...Forgetting[]],
  options: ForgetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const warehouse = await openWarehouse(prepared.project, context);
  try {
    return await warehouse.adapter.withSession(async (session): Promise<ExitCode> => {
      const people = await find(session, plans, options);
      tell(people, prepared.project, context);
      const texts = people.flatMap(({ held }) => held.texts);
      const kept = new Set(people.flatMap(({ held }) => held.rows.map(({ relation }) => relation)));
      const derived = (await searchFor(session, texts)).filter(({ relation }) => !kept.has(relation));
      for (const { relation, rows } of derived)
        context.terminal.out(`${relation}: ${rows} rows hold a text or key that the person has (others may share it)`);
      context.terminal.err('Nothing was removed: --dry-run.');
      return 0;
    });
  } finally {
    await warehouse.close();
  }
}

async function forget(
  prepared: Prepared,
  plans: readonly [Forgetting, ...Forgetting[]],
  options: ForgetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  let left = 0;
  const exitCode = await recordRun(prepared, true, context, async (connected, warehouse) => {
    const guarded = { rotates: false, ids: Object.keys(connected.manifest.nodes) as ResourceId[] };
    await guardSalt(guarded, connected.project, connected.manifest, warehouse);
    const { people, texts } = await remove(connected, plans, options, warehouse, context);
    const ids = await derivedModels(connected, people, warehouse);
    context.terminal.err(`Removed. ${ids.length} models that read from it are built again.`);
    const results = await buildNodes(connected, ids, [], false, warehouse, context);
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

/** The removal itself: one transaction, which holds from the first look to the tombstones. */
async function remove(
  { invocation, project }: Prepared,
  plans: readonly [Forgetting, ...Forgetting[]],
  options: ForgetOptions,
  warehouse: Warehouse,
  context: CommandContext,
): Promise<{ readonly people: readonly Wanted[]; readonly texts: readonly string[] }> {
  return warehouse.adapter.withSession(async (session) => {
    await session.query('begin');
    try {
      const people = await find(session, plans, options);
      tell(people, project, context);
      if (people.length > 1 && options.accounts === undefined) throw accountsError(people);
      const chosen = options.accounts === 'with' ? people : people.slice(0, 1);
      for (const { plan, key } of chosen) {
        await removeHeld(session, plan, key);
        await warehouse.state.setTombstone(session, { person: plan.person, key }, invocation.id);
      }
      let texts = [...new Set(chosen.flatMap(({ held }) => held.texts))] as readonly string[];
      const all = texts.length;
      for (const plan of plans) texts = await ownTexts(session, plan, texts);
      if (texts.length < all)
        context.terminal.err(`${all - texts.length} texts are other people's too, and are not searched for.`);
      await warehouse.state.blotMessages(session, texts);
      await session.query('commit');
      return { people: chosen, texts };
    } catch (error) {
      await session.query('rollback').catch(() => undefined);
      throw error;
    }
  });
}

/** The person, and the other accounts of the same human. Throws FORGET.NOT_HELD where staging has neither row nor reference. */
async function find(
  session: Session,
  [first, ...others]: readonly [Forgetting, ...Forgetting[]],
  { key }: ForgetOptions,
): Promise<readonly Wanted[]> {
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

function tell(people: readonly Wanted[], project: Project, context: CommandContext): void {
  const { terminal } = context;
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
  const folders = new Set([...project.root.exports.map(({ out }) => out), 'exports']);
  for (const folder of folders) {
    const path = resolve(project.root.root, folder);
    for (const file of existsSync(path) ? readdirSync(path).sort() : [])
      terminal.out(`  ${folder}/${file}: exported earlier; delete it, and its copies, and export again`);
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

/** The models that read from what was removed and that have been built, in build order. */
async function derivedModels(
  { manifest, graph }: Prepared,
  people: readonly Wanted[],
  warehouse: Warehouse,
): Promise<readonly ResourceId[]> {
  const changed = people.flatMap(({ held }) => held.rows.map(({ id }) => id));
  const later = new Set(changed.flatMap((id) => [...graph.descendants(id)]));
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
