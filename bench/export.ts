import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bound, openWorkplace, progress, report } from './workplace.js';

const sizes = (process.env['BENCH_EXPORT_ROWS'] ?? '200000,4000000').split(',').map(Number);
const formats = ['parquet', 'jsonl', 'csv'] as const;
const greatestRatio = 1.5;

const files = {
  'chemflow.yml': `name: bench
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: BENCH_WAREHOUSE_DB } }
`,
  'models/examples.sql': `{{ config(materialized='table', unique_key='id') }}
select i as id, md5(i::text) as example_id, 'kind' || i % 7 as kind, (i % 10000) / 100.0 as amount, i % 3 = 0 as is_open,
  '2026-01-01'::timestamptz + i * interval '1 second' as observed_at, array[i % 5, i % 11] as steps,
  repeat(md5(i::text), (i % 4)::int) as note
from generate_series(1::bigint, {{ var('rows') }}) as i
`,
};

/** Exporting one table at two sizes, to each format: the peak resident memory of chemflow, and how it grows with the rows. */
export async function benchExport(): Promise<void> {
  const place = await openWorkplace(files);
  try {
    await place.psql('postgres', ['-c', 'create database warehouse']);
    const env = place.environment('BENCH_WAREHOUSE_DB', 'warehouse');
    const peaks = new Map<string, number[]>(formats.map((format) => [format, []]));
    for (const rows of sizes) {
      progress(`${rows} rows`);
      await place.chemflow(['run', '--quiet', '--full', '--vars', JSON.stringify({ rows })], env);
      for (const format of formats) {
        const exported = await place.chemflow(
          [
            'export',
            '--quiet',
            '--select',
            'examples',
            '--format',
            format,
            '--out',
            'out',
            '--vars',
            JSON.stringify({ rows }),
          ],
          env,
        );
        const megabytes = statSync(join(place.folder, 'out', `public.examples.${format}`)).size / 1e6;
        rmSync(join(place.folder, 'out'), { recursive: true });
        peaks.get(format)?.push(exported.peakMegabytes);
        report(
          `export ${rows} rows to ${format}`,
          `${exported.peakMegabytes.toFixed(0)} MB resident at its peak, ${exported.seconds.toFixed(1)} s, a file of ${megabytes.toFixed(0)} MB`,
          '',
        );
      }
    }
    for (const [format, found] of peaks) {
      const ratio = (found.at(-1) ?? NaN) / (found[0] ?? NaN);
      report(
        `  memory of ${format}, ${sizes.at(-1)} rows against ${sizes[0]}`,
        ratio.toFixed(2),
        bound(`at most ${greatestRatio}`, ratio <= greatestRatio),
      );
    }
  } finally {
    await place.close();
  }
}
