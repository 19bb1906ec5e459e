import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, openWorkplace, projectFiles, report } from './workplace.js';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);

interface RunResults {
  readonly results: readonly { readonly unique_id: string; readonly status: string }[];
}
interface ManifestFile {
  readonly nodes: Readonly<Record<string, { readonly original_file_path: string; readonly package_name: string }>>;
}

/** The SQL of target/run in the order in which the nodes ended, as one script. */
export function executedScript(folder: string): string {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'target', name), 'utf8'));
  const { nodes } = read('manifest.json') as ManifestFile;
  const { results } = read('run_results.json') as RunResults;
  return results
    .flatMap(({ unique_id: id }) => {
      const node = nodes[id];
      // A hook of the run's end is no model.
      return node === undefined || id.startsWith('operation.')
        ? []
        : [readFileSync(join(folder, 'target', 'run', node.package_name, node.original_file_path), 'utf8')];
    })
    .join('\n;\n');
}

/** The ChemLink models alone on one thread, against psql running the SQL of target/run in the same order. */
export async function benchModels(): Promise<void> {
  const place = await openWorkplace({}, projectFiles);
  try {
    await place.chemflow(['run', '--quiet']);
    const args = ['run', '--quiet', '--full', '--threads', '1', '--select', 'resource_type:model'];
    await place.chemflow(args);
    const script = executedScript(place.folder);
    const salted = `set chemflow.hash_salt = 'bench';\n${script}`;
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push((await place.chemflow(args)).seconds);
      theirs.push((await place.psql('chemlink_analytics', [], salted)).seconds);
    }
    report(
      'models of this project, one thread',
      `chemflow ${median(ours).toFixed(2)} s, psql ${median(theirs).toFixed(2)} s`,
      `at most 1.1 x psql + 0.5 s = ${(1.1 * median(theirs) + 0.5).toFixed(2)} s`,
    );
    const lists: number[] = [];
    for (let round = 0; round < 5; round += 1) lists.push((await place.chemflow(['ls'])).seconds);
    report('chemflow ls', `${median(lists).toFixed(2)} s`, 'under 0.5 s');
  } finally {
    await place.close();
  }
}
