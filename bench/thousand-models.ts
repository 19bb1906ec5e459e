import { executedScript } from './models.js';
import { median, openWorkplace, report } from './workplace.js';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);

/** A project of 1,000 small models: each fifth a table, the rest views on it. */
function thousandModels(): Record<string, string> {
  const files: Record<string, string> = {
    'chemflow.yml': `name: thousand\nversion: '1.0'\nwarehouse: { env: { default: BENCH_DB } }\ntargets:\n  prod: { schema: public, threads: 4 }\n`,
  };
  for (let index = 0; index < 1000; index += 1) {
    const table = index - (index % 5);
    files[`models/m${index}.sql`] =
      index === table
        ? `{{ config(materialized='table') }}\nselect ${index} as id, 'model ${index}' as name\n`
        : `select id, name, ${index} as number from {{ ref('m${table}') }}\n`;
  }
  return files;
}

/** 1,000 small models with four threads against psql with the same SQL, in turn. */
export async function benchThousandModels(): Promise<void> {
  const place = await openWorkplace(thousandModels());
  try {
    await place.psql('postgres', ['-c', 'create database bench']);
    const env = place.environment('BENCH_DB', 'bench');
    const args = ['run', '--quiet', '--threads', '4'];
    const first = await place.chemflow(args, env);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push((await place.chemflow(args, env)).seconds);
      theirs.push((await place.psql('bench', [], executedScript(place.folder))).seconds);
    }
    report(
      '1,000 models, four threads',
      `first ${first.seconds.toFixed(2)} s, again ${median(ours).toFixed(2)} s, psql ${median(theirs).toFixed(2)} s`,
      `at most 6 x psql + 2 s = ${(6 * median(theirs) + 2).toFixed(2)} s`,
    );
  } finally {
    await place.close();
  }
}
