import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtinPackages } from '../../src/context/index.js';
import { selectResources, buildGraph } from '../../src/graph/index.js';
import { formatCount, formatDuration, formatTable } from '../../src/progress/index.js';
import type { Manifest } from '../../src/types/index.js';
import { packageRoot } from '../../src/util/package-root.js';
import { hashOf } from '../../src/util/random.js';
import { openLaboratory, type LaboratoryOptions } from './laboratory.js';
import { mutantsOf, type Mutant, type Subject } from './mutants.js';
import { openTrial, type Verdict } from './trial.js';

/** A mutant that means what the model means, with the reason; it is known by its file and its lines. */
export interface EquivalentMutant {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** A mutant and how it ended. */
export interface Tried {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** Why it may survive. */
  readonly reason: string | undefined;
}

/** What came of all that were tried. */
export interface MutationReport {
  readonly tried: readonly Tried[];
  /** Entries of the list of equivalent mutants that no mutant is like any more, or that a test tells apart after all. */
  readonly stale: readonly EquivalentMutant[];
}

/** Which mutants are tried, on what. */
export interface MutationOptions extends Omit<LaboratoryOptions, 'copies'> {
  /** At most so many, taken by chance; all without it. */
  readonly sample?: number | undefined;
  /** Only of these models (dbt's selection words) or macro files. */
  readonly select: readonly string[];
  readonly equivalents: readonly EquivalentMutant[];
  readonly copies?: number;
}

/** The models and macros of a project that are mutated: what chemflow brings, tests, naming and what is no query is left out. */
export function subjectsOf(manifest: Manifest, rootPackage: string): Subject[] {
  const models = Object.values(manifest.nodes)
    .filter((node) => node.resource_type === 'model' && node.package_name === rootPackage)
    .map((node) => ({ id: node.unique_id, file: node.original_file_path, line: node.line, text: node.raw_code }));
  const macros = Object.values(manifest.macros)
    .filter((macro) => !builtinPackages.includes(macro.package_name) && macro.package_name === rootPackage)
    .filter((macro) => !/^(?:test_|materialization_|generate_)/.test(macro.name))
    .map((macro) => ({ id: macro.unique_id, file: macro.original_file_path, line: macro.line, text: macro.macro_sql }));
  return [...models, ...macros].sort((left, right) =>
    left.file < right.file ? -1 : left.file > right.file ? 1 : left.line - right.line,
  );
}

const isSame = (mutant: Mutant, entry: EquivalentMutant): boolean =>
  mutant.subject.file === entry.file && mutant.before === entry.before && mutant.after === entry.after;

function chosenMutants(manifest: Manifest, rootPackage: string, options: MutationOptions): Mutant[] {
  const all = subjectsOf(manifest, rootPackage).flatMap(mutantsOf);
  const selected =
    options.select.length === 0
      ? undefined
      : new Set(
          selectResources({
            graph: buildGraph(manifest),
            manifest,
            select: options.select,
            resourceTypes: ['model'],
            indirectSelection: 'empty',
          }),
        );
  const wanted =
    selected === undefined
      ? all
      : all.filter(({ subject }) => selected.has(subject.id) || options.select.includes(subject.file));
  if (options.sample === undefined || options.sample >= wanted.length) return wanted;
  // By what they are, not where they stand in the list, so that another model changes little of the choice.
  const number = (mutant: Mutant): number => hashOf(options.seed, mutant.subject.file, mutant.before, mutant.after);
  return [...wanted].sort((left, right) => number(left) - number(right)).slice(0, options.sample);
}

/** Makes mutants, tries each, and resolves to how they ended. Throws where a test fails without any mutant. */
export async function runMutation(options: MutationOptions): Promise<MutationReport> {
  const copies = options.copies ?? Math.min(2, cpus().length);
  const laboratory = await openLaboratory({ ...options, copies });
  try {
    const { manifest, project } = laboratory.templates;
    const every = subjectsOf(manifest, project.root.name).flatMap(mutantsOf);
    const waiting = chosenMutants(manifest, project.root.name, options);
    const total = waiting.length;
    options.say(`${formatCount(total)} of ${formatCount(every.length)} mutants`);
    const tried: Tried[] = [];
    const work = async (copy: number): Promise<void> => {
      const session = await laboratory.open(copy);
      const trial = await openTrial(laboratory, session);
      if (trial.failing.length > 0) throw new Error(`these fail without any mutant: ${trial.failing.join(', ')}`);
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const one = mutant;
        const verdict = await trial.run(one);
        const reason = options.equivalents.find((entry) => isSame(one, entry))?.reason;
        tried.push({ mutant: one, verdict, reason });
        if (tried.length % 50 === 0) options.say(`${formatCount(tried.length)} of ${formatCount(total)} tried`);
      }
    };
    await Promise.all(Array.from({ length: copies }, (_, copy) => work(copy)));
    const stale = options.equivalents.filter((entry) => {
      const like = tried.filter(({ mutant }) => isSame(mutant, entry));
      const isKilled = like.length > 0 && like.every(({ verdict }) => verdict.outcome === 'killed');
      return isKilled || !every.some((mutant) => isSame(mutant, entry));
    });
    return { tried, stale };
  } finally {
    await laboratory.close();
  }
}

interface Count {
  killed: number;
  survived: number;
  equivalent: number;
  other: number;
}

function countBy(tried: readonly Tried[], key: (one: Tried) => string): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const one of tried) {
    const count = counts.get(key(one)) ?? { killed: 0, survived: 0, equivalent: 0, other: 0 };
    counts.set(key(one), count);
    if (one.verdict.outcome === 'killed') count.killed += 1;
    else if (one.verdict.outcome !== 'survived') count.other += 1;
    else if (one.reason === undefined) count.survived += 1;
    else count.equivalent += 1;
  }
  return counts;
}

/** Killed of those that could be, in percent; equivalent mutants are no survivors. */
export function killRate(tried: readonly Tried[]): number {
  const { killed, survived } = countBy(tried, () => '').get('') ?? { killed: 0, survived: 0 };
  return killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);
}

function countTable(title: string, counts: ReadonlyMap<string, Count>): string {
  const rows = [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { killed, survived, equivalent, other }]) => {
      const judged = killed + survived;
      const rate = judged === 0 ? '' : ((100 * killed) / judged).toFixed(1);
      return [name, ...[killed, survived, equivalent, other].map(String), rate];
    });
  return formatTable([title, 'killed', 'survived', 'equivalent', 'not built', '%'], rows);
}

/** The report in words: counts by kind and by file, then the survivors. */
export function describeReport({ tried, stale }: MutationReport): string {
  const survivors = tried.filter(({ verdict, reason }) => verdict.outcome === 'survived' && reason === undefined);
  const lines = survivors
    .map(
      ({ mutant }) => `${mutant.subject.file}:${mutant.line} ${mutant.kind}\n  - ${mutant.before}\n  + ${mutant.after}`,
    )
    .sort();
  return [
    countTable(
      'kind',
      countBy(tried, ({ mutant }) => mutant.kind),
    ),
    '',
    countTable(
      'file',
      countBy(tried, ({ mutant }) => mutant.subject.file),
    ),
    '',
    ...(lines.length === 0 ? ['no survivors'] : ['survivors:', ...lines]),
    ...stale.map((entry) => `stale entry in equivalent-mutants.json: ${entry.file}: ${entry.after}`),
    '',
    `${killRate(tried).toFixed(1)} % killed`,
  ].join('\n');
}

/** The list of equivalent mutants beside this script. */
export function readEquivalents(): EquivalentMutant[] {
  return JSON.parse(
    readFileSync(join(packageRoot, 'tests/mutation/equivalent-mutants.json'), 'utf8'),
  ) as EquivalentMutant[];
}

/** `npm run mutate -- [--all | --sample N] [--seed N] [--select model ...] [--users N] [--json FILE]`: 0 where enough is killed. */
export async function mutate(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: 'boolean', default: false },
      sample: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      users: { type: 'string', default: '400' },
      select: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      'at-least': { type: 'string', default: '90' },
    },
  });
  const begun = Date.now();
  const report = await runMutation({
    users: Number(values.users),
    seed: Number(values.seed),
    until: '2026-03-20T12:00:00Z',
    projectDir: packageRoot,
    sample: values.all || values.select.length > 0 ? undefined : Number(values.sample),
    select: values.select,
    equivalents: readEquivalents(),
    say: (text) => {
      console.error(`${formatDuration(Date.now() - begun)}  ${text}`);
    },
  });
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      JSON.stringify(
        report.tried.map(({ mutant, verdict, reason }) => ({
          file: mutant.subject.file,
          line: mutant.line,
          kind: mutant.kind,
          before: mutant.before,
          after: mutant.after,
          ...verdict,
          reason: reason ?? null,
        })),
        null,
        1,
      ),
    );
  console.log(describeReport(report));
  return killRate(report.tried) >= Number(values['at-least']) && report.stale.length === 0 ? 0 : 1;
}
