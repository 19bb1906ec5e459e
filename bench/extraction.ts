import { median, openWorkplace, report } from './workplace.js';

const rows = Number(process.env['BENCH_ROWS'] ?? 3_000_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);

const files = {
  'chemflow.yml': `name: bench
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: BENCH_WAREHOUSE_DB } }
connections:
  shop: { env: { default: BENCH_SHOP_DB } }
`,
  'sources.yml': `version: 2
sources:
  - name: shop
    connection: shop
    schema: staging
    tables:
      - name: events
        extract: { key: [id], cursor: updated_at }
`,
};

const columns = `id bigint, person_id bigint, kind text, amount numeric(12,2), note text, is_open boolean, created_at timestamptz, updated_at timestamptz`;

/** Copying one table of 3 million rows by chemflow against `psql COPY binary | psql COPY binary` into the same table with the same key, in turn. */
export async function benchExtraction(): Promise<void> {
  const place = await openWorkplace(files);
  try {
    await place.psql('postgres', ['-c', 'create database shop', '-c', 'create database warehouse']);
    await place.psql(
      'shop',
      [],
      `create table events (${columns}, primary key (id));
insert into events select i, i % 100000, 'kind' || i % 7, (i % 10000) / 100.0, md5(i::text), i % 3 = 0, '2026-01-01'::timestamptz + i * interval '1 second', '2026-01-01'::timestamptz + i * interval '1 second'
from generate_series(1, ${rows}) i; analyze events; checkpoint;`,
    );
    const env = {
      ...place.environment('BENCH_SHOP_DB', 'shop'),
      ...place.environment('BENCH_WAREHOUSE_DB', 'warehouse'),
    };
    const ours: number[] = [];
    const theirs: number[] = [];
    let peak = 0;
    for (let round = 0; round <= rounds; round += 1) {
      await place.psql('warehouse', ['-c', 'drop schema if exists staging, chemflow cascade', '-c', 'checkpoint']);
      const extraction = await place.chemflow(['extract', '--quiet'], env);
      await place.psql('warehouse', [
        '-c',
        'drop schema if exists staging, psql cascade',
        '-c',
        'create schema psql',
        '-c',
        'checkpoint',
      ]);
      const pipe = await place.shell(`
psql -X -q -d warehouse -c "create table psql.shop_events (${columns}, _synced_at timestamptz not null default now(), _source_deleted_at timestamptz)"
psql -X -q -d shop -c "copy (select id, person_id, kind, amount, note, is_open, created_at, updated_at from events) to stdout (format binary)" |
  psql -X -q -d warehouse --single-transaction -c "truncate psql.shop_events" -c "copy psql.shop_events (id, person_id, kind, amount, note, is_open, created_at, updated_at) from stdin (format binary)" \\
    -c "alter table psql.shop_events add primary key (id)" -c "analyze psql.shop_events"
`);
      if (round === 0) continue;
      ours.push(extraction.seconds);
      theirs.push(pipe.seconds);
      peak = Math.max(peak, extraction.peakMegabytes);
    }
    const ratio = median(theirs.map((seconds, index) => seconds / (ours[index] ?? NaN)));
    report(
      `extract ${rows} rows`,
      `chemflow ${median(ours).toFixed(2)} s, psql | psql ${median(theirs).toFixed(2)} s, speed ratio ${ratio.toFixed(2)}`,
      'at least 0.95',
    );
    report('  resident memory of chemflow', `${peak.toFixed(0)} MB`, 'under 150 MB');
  } finally {
    await place.close();
  }
}
