import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variables } from '../commands/program.js';
import { askDuckdb, openExportProject, type ExportProject } from './export-project.js';

const models = `version: 2
models:
  - name: moment
  - name: examples
    description: What is learned from.
    config:
      meta:
        entity: id
        observed_at: seen_on
        features: [size]
        labels: [bought, amount]
        as_of: { model: moment, column: as_of }
    columns:
      - name: id
        description: Who it is | was.
  - name: secrets
    columns:
      - name: email
        meta: { pii: email }
`;

const setup = `
create table raw.examples as
  select 'u' || i as id, date '2024-01-01' + i % 30 as seen_on, case when i % 10 = 0 then null else i end as size,
         case i % 10 when 0 then 'test' when 1 then 'validation' else 'train' end as split, i % 4 = 0 as bought, i * 1.5::numeric(12,2) as amount
  from generate_series(1, 1000) i;
create table raw.loose as select i % 7 as n, 'x' || i % 3 as word from generate_series(1, 500) i;
create table raw.secrets as select 'a@example.com' as email`;

/** The final names in a folder and their contents' hashes. */
function hashes(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

describe('an export', () => {
  let shop: ExportProject;
  const path = (name: string): string => join(shop.project.folder, name);

  beforeAll(async () => {
    shop = await openExportProject(
      {
        'models/moment.sql': `select timestamptz '2024-03-01 00:00+00' as as_of\n`,
        'models/examples.sql': 'select * from raw.examples\n',
        'models/loose.sql': 'select * from raw.loose\n',
        'models/secrets.sql': 'select * from raw.secrets\n',
        'models/models.yml': models,
      },
      setup,
    );
    expect((await shop.project.call(['run'])).exitCode).toBe(0);
  });
  afterAll(() => shop.remove());

  const exportOk = async (...args: readonly string[]): Promise<void> => {
    const ended = await shop.project.call(['export', ...args]);
    expect(ended.stderr).not.toContain('error');
    expect(ended.exitCode).toBe(0);
  };

  it('writes the rows in the order of their key, whatever order the table has them in', async () => {
    await exportOk('--select', 'examples', '--format', 'csv', '--out', 'order');
    const ids = shop
      .read('order/public.examples.csv')
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[0] ?? '');
    expect(ids).toHaveLength(1000);
    expect(ids).toEqual([...ids].sort());
  });

  it.each(['parquet', 'jsonl', 'csv'])(
    'gives the same bytes for the same rows in %s, wherever they lie',
    async (format) => {
      await exportOk(
        '--select',
        'examples',
        'loose',
        '--format',
        format,
        '--out',
        `same-${format}`,
        '--exclude',
        'moment',
      );
      const before = hashes(path(`same-${format}`));
      await shop.sql(
        'create table raw.turned as select * from raw.examples order by random(); delete from raw.examples; insert into raw.examples select * from raw.turned; drop table raw.turned',
      );
      await shop.sql(
        'create table raw.turned as select * from raw.loose order by random(); delete from raw.loose; insert into raw.loose select * from raw.turned; drop table raw.turned',
      );
      await exportOk('--select', 'examples', 'loose', '--format', format, '--out', `same-${format}`);
      expect(Object.keys(before)).toHaveLength(12);
      expect(hashes(path(`same-${format}`))).toEqual(before);
    },
  );

  it('does not let the size of a batch into the bytes', async () => {
    await exportOk('--select', 'examples', '--out', 'batch');
    const before = hashes(path('batch'));
    const ended = await shop.project.call(['export', '--select', 'examples', '--out', 'batch'], {
      env: { ETL_BATCH_SIZE: '7' },
    });
    expect(ended.exitCode).toBe(0);
    expect(hashes(path('batch'))).toEqual(before);
  });

  it('writes one file a split, and takes the files of a former export away that it does not write', async () => {
    await exportOk('--select', 'examples', '--out', 'split');
    await exportOk('--select', 'examples', '--out', 'split', '--split');
    expect(
      readdirSync(path('split'))
        .filter((name) => name.endsWith('.parquet'))
        .sort(),
    ).toEqual(['public.examples.test.parquet', 'public.examples.train.parquet', 'public.examples.validation.parquet']);
    const counts = await askDuckdb(
      path('split'),
      shop.read('split/public.examples.parquet.load.sql'),
      `select split, count(*)::integer as n, min(id) as first from "public.examples" group by split order by split`,
    );
    expect(counts).toEqual([
      { split: 'test', n: 100, first: 'u10' },
      { split: 'train', n: 800, first: 'u102' },
      { split: 'validation', n: 100, first: 'u1' },
    ]);
  });

  it('names a model without the column of a split', async () => {
    const ended = await shop.project.call(['export', '--select', 'loose', '--split']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('public.loose has no column "split"');
  });

  it('describes the data in a card: columns, nulls, labels, splits, as_of', async () => {
    await exportOk('--select', 'examples', '--out', 'card', '--split');
    const card = JSON.parse(shop.read('card/public.examples.parquet.card.json')) as Record<string, unknown>;
    expect(card).toMatchObject({
      dataset: 'public.examples',
      description: 'What is learned from.',
      as_of: '2024-03-01T00:00:00+00:00',
      rows: 1000,
      observed: { column: 'seen_on', first: '2024-01-01', last: '2024-01-30' },
      order: ['id', 'seen_on'],
      splits: {
        split: [
          { value: 'train', rows: 800, share: 0.8 },
          { value: 'test', rows: 100 },
          { value: 'validation', rows: 100 },
        ],
      },
      labels: [
        {
          name: 'bought',
          values: [
            { value: 'false', rows: 750 },
            { value: 'true', rows: 250, share: 0.25 },
          ],
          by_split: {
            test: [
              { value: 'false', rows: 50 },
              { value: 'true', rows: 50 },
            ],
          },
        },
        {
          name: 'amount',
          values: null,
          summary: { minimum: '1.50', median: '750.00', maximum: '1500.00', mean: '750.750000' },
        },
      ],
    });
    const columns = card['columns'] as Record<string, unknown>[];
    expect(
      columns.map((column) => [
        column['name'],
        column['role'],
        column['postgres_type'],
        column['file_type'],
        column['null_rate'],
      ]),
    ).toEqual([
      ['id', 'entity', 'text', 'STRING', 0],
      ['seen_on', 'observation', 'date', 'DATE', 0],
      ['size', 'feature', 'integer', 'INT32', 0.1],
      ['split', 'split', 'text', 'STRING', 0],
      ['bought', 'label', 'boolean', 'BOOLEAN', 0],
      ['amount', 'label', 'numeric', 'DECIMAL(38,2)', 0],
    ]);
    const page = shop.read('card/public.examples.parquet.card.md');
    expect(page).toContain('as_of: 2024-03-01T00:00:00+00:00');
    expect(page).toContain('| `id` | text | STRING | entity | 0.00 % | Who it is \\| was. |');
    expect(page).toContain('| `true` | 250 | 25.00 % |');
  });

  it('lists every file in a checksum file whose sums are right', async () => {
    await exportOk('--select', 'examples', '--out', 'sums', '--split');
    const found = hashes(path('sums'));
    const lines = shop.read('sums/public.examples.parquet.sha256').trimEnd().split('\n');
    expect(lines).toHaveLength(Object.keys(found).length - 1);
    for (const line of lines) {
      const [sum = '', name = ''] = line.split('  ');
      expect(found[name]).toBe(sum);
    }
  });

  it('refuses personal data that is asked for, and leaves it out where all is asked for', async () => {
    const refused = await shop.project.call(['export', '--select', 'secrets']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('EXPORT.PERSONAL_DATA');
    expect(refused.stderr).toContain('email (email)');
    const ended = await shop.project.call(['export', '--out', 'everything']);
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain('1 relations with personal data are left out');
    expect(readdirSync(path('everything')).filter((name) => name.endsWith('.parquet'))).toEqual([
      'public.examples.parquet',
      'public.loose.parquet',
      'public.moment.parquet',
    ]);
  });

  it('reports progress and results as events of the JSON log', async () => {
    const ended = await shop.project.call(
      ['export', '--select', 'examples', '--log-format', 'json', '--out', 'events'],
      { env: { ETL_BATCH_SIZE: '400' } },
    );
    const events = ended.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { info: { name: string }; data: { rows?: number } });
    expect(events.filter((event) => event.info.name === 'ExportProgress').map((event) => event.data.rows)).toEqual([
      400, 800, 1000,
    ]);
    expect(events.filter((event) => event.info.name === 'ExportResult')).toHaveLength(1);
  });

  it('names a model that was not built, and what to type', async () => {
    shop.project.write({ 'models/later.sql': 'select 1 as n\n' });
    const ended = await shop.project.call(['export', '--select', 'later']);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('EXPORT.NOT_BUILT');
    expect(ended.stderr).toContain('chemflow run --select later');
  });

  it('puts nothing in its place where one of its datasets fails, and leaves no draft', async () => {
    await exportOk('--select', 'examples', '--out', 'whole');
    const before = hashes(path('whole'));
    await shop.sql(`create or replace view public.later as select 'infinity'::timestamptz as n`);
    const ended = await shop.project.call(['export', '--select', 'loose', 'later', '--out', 'whole']);
    expect(ended.exitCode).toBe(1);
    expect(hashes(path('whole'))).toEqual(before);
    expect(readdirSync(path('whole')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('removes what a killed export left, and finishes one that was killed while it moved its files', async () => {
    await exportOk('--select', 'loose', '--out', 'killed');
    const before = hashes(path('killed'));
    const { settings } = shop.database;
    const owner = `${settings.host}:${settings.port}/${settings.database}`;
    const drafts = path(`killed/.chemflow-export-${createHash('sha256').update(owner).digest('hex').slice(0, 12)}`);
    mkdirSync(drafts);
    writeFileSync(join(drafts, 'public.loose.parquet'), 'half');
    await exportOk('--select', 'moment', '--out', 'killed');
    expect(existsSync(drafts)).toBe(false);
    expect(hashes(path('killed'))).toMatchObject(before);
    mkdirSync(drafts);
    writeFileSync(join(drafts, 'moved.txt'), 'whole');
    writeFileSync(
      join(drafts, 'publish.json'),
      JSON.stringify({ names: ['gone-before.txt', 'moved.txt'], obsolete: [] }),
    );
    expect((await shop.project.call(['export', '--verify', 'killed'])).stdout).toContain('UNFINISHED');
    await exportOk('--select', 'moment', '--out', 'killed');
    expect(shop.read('killed/moved.txt')).toBe('whole');
    expect(existsSync(drafts)).toBe(false);
  });

  it('keeps the former export where the program is killed or the disk refuses, and a second export out', async () => {
    await shop.sql(
      `create table raw.big as select i as id, repeat(md5(i::text), 40) as words from generate_series(1, 60000) i`,
    );
    shop.project.write({ 'models/big.sql': 'select * from raw.big where id <= 100\n' });
    expect((await shop.project.call(['run', '--select', 'big'])).exitCode).toBe(0);
    await exportOk('--select', 'big', '--format', 'jsonl', '--out', 'big');
    const before = hashes(path('big'));
    await shop.sql('create or replace view public.big as select * from raw.big');
    const program = join(import.meta.dirname, '../../bin/chemflow.js');
    const env = { ...process.env, ...variables('WAREHOUSE_DB', shop.database.settings) };
    const args = [program, 'export', '--select', 'big', '--format', 'jsonl', '--out', 'big'];

    const limited = spawn('bash', ['-c', `ulimit -f 2000; exec "$@"`, '-', process.execPath, ...args], {
      cwd: shop.project.folder,
      env,
    });
    let said = '';
    limited.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => limited.on('close', resolve))).toBe(1);
    expect(said).toContain('EXPORT.WRITE');
    expect(said).toContain('What was exported before is untouched');
    expect(hashes(path('big'))).toEqual(before);
    expect(readdirSync(path('big')).filter((name) => name.startsWith('.'))).toEqual([]);

    const killed = spawn(process.execPath, args, { cwd: shop.project.folder, env, stdio: 'ignore' });
    const closed = new Promise((resolve) => killed.on('close', resolve));
    const drafts = (): string[] => readdirSync(path('big')).filter((name) => name.startsWith('.'));
    while (drafts().length === 0 || !existsSync(join(path('big'), drafts()[0] ?? '', 'public.big.jsonl')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    killed.kill('SIGSTOP');
    const second = await shop.project.call(['export', '--select', 'big', '--format', 'jsonl', '--out', 'big']);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('EXPORT.BUSY');
    killed.kill('SIGKILL');
    await closed;
    expect(hashes(path('big'))).toEqual(before);
    expect(drafts()).toHaveLength(1);
    await shop.sql(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'chemflow export'`,
    );
    await exportOk('--select', 'big', '--format', 'jsonl', '--out', 'big');
    expect(drafts()).toEqual([]);
    expect(shop.read('big/public.big.jsonl').split('\n')).toHaveLength(60_001);
  });

  it('leaves the former export and no draft at Ctrl-C', async () => {
    await exportOk('--select', 'examples', '--out', 'interrupted');
    const before = hashes(path('interrupted'));
    const abort = new AbortController();
    const call = shop.project.call(['export', '--select', 'examples', 'big', '--out', 'interrupted'], {
      signal: abort.signal,
      env: { ETL_BATCH_SIZE: '10' },
    });
    while (!readdirSync(path('interrupted')).some((name) => name.startsWith('.')))
      await new Promise((resolve) => setTimeout(resolve, 2));
    abort.abort();
    expect((await call).exitCode).toBe(130);
    expect(hashes(path('interrupted'))).toEqual(before);
    expect(readdirSync(path('interrupted')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
