import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openProjectFolder, variables, type Ended, type ProjectFolder } from '../commands/program.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

const salt = 'pepper and salt';
const ann = '11111111-aaaa-4bbb-8ccc-000000000001';
const ben = '22222222-aaaa-4bbb-8ccc-000000000002';
const hashOf = (text: string): string => createHash('sha256').update(`${salt}:${text}`).digest('hex');

const keyedHash = `encode(sha256(convert_to(nullif(current_setting('chemflow.hash_salt'), '') || ':' || ($1)::text, 'UTF8')), 'hex')`;
const hashed = (value: string): string => keyedHash.replace('$1', value);

const files = {
  'chemflow.yml': `name: club
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: WAREHOUSE_DB } }
connections:
  crm: { env: { default: CRM_DB } }
hash_salt: required
privacy:
  allowed_in: [staging]
  declassifiers:
    - name: keyed_hash
      expression: ${keyedHash}
      reason: Nobody can try it out without the salt.
    - name: is_given
      expression: $1 is not null
      reason: Whether it is filled in says nothing of it.
models:
  club:
    staging: { +schema: staging, +materialized: table }
    core: { +schema: core, +materialized: table }
    ai: { +schema: ai, +materialized: materialized_view }
`,
  'macros/names.sql': `{% macro generate_schema_name(name, node) %}{{ target.schema if name is none else name }}{% endmacro %}`,
  'sources.yml': `version: 2
sources:
  - name: crm
    connection: crm
    schema: staging
    tables:
      - name: persons
        extract: { key: [id] }
        columns:
          - { name: id, meta: { pii: none } }
          - { name: uid, meta: { pii: none } }
          - { name: email, meta: { pii: email } }
      - name: visits
        extract: { key: [id] }
        columns:
          - { name: id, meta: { pii: none } }
          - { name: person_id, meta: { pii: none, person: crm.persons } }
          - { name: brought_by, meta: { pii: none, person: crm.persons.uid, forget: unlink } }
`,
  'models/staging/people.sql': `select id, uid as user_key, email is not null as has_email from {{ source('crm', 'persons') }}\n`,
  'models/core/users.sql': `select user_key, has_email from {{ ref('people') }}\n`,
  'models/core/visits.sql': `select visits.id as visit_id, coalesce(people.user_key::text, 'nobody') as visitor, visits.brought_by
from {{ source('crm', 'visits') }} as visits left join {{ ref('people') }} as people on people.id = visits.person_id\n`,
  'models/core/subjects.sql': `select user_key::text as subject from {{ ref('people') }} union all select 'visit ' || id from {{ source('crm', 'visits') }}\n`,
  'models/core/numbers.sql': `select id as number from {{ ref('people') }} union all select id from {{ source('crm', 'visits') }}\n`,
  'models/core/totals.sql': `select count(*) as visits, count(distinct visitor) as visitors from {{ ref('visits') }}\n`,
  'models/ai/examples.sql': `{{ config(indexes=[{'columns': ['example_id'], 'unique': true}]) }}
select ${hashed('user_key')} as example_id, has_email from {{ ref('users') }}\n`,
  'models/ai/scores.sql': `select max(example_id) as example_id, count(*) as score from {{ ref('examples') }} group by example_id\n`,
};

const relations = {
  'staging.people': 'user_key',
  'core.users': 'user_key',
  'core.visits': 'visitor',
  'core.subjects': 'subject',
  'ai.examples': 'example_id',
  'ai.scores': 'example_id',
};

describe('what is built of a person', () => {
  let crm: TestDatabase;
  let warehouse: TestDatabase;
  let club: ProjectFolder;

  const sql = (text: string): Promise<Record<string, unknown>[]> => queryOnce(warehouse.settings, text);
  const forget = (...args: string[]): Promise<Ended> =>
    club.call(['forget', '--source', 'crm.persons', '--key', '1', ...args]);
  const rebuild = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
    await sql(`delete from chemflow.tombstones`).catch(() => undefined);
    club.write({ ...files, ...more });
    const ended = await club.call(['run', '--full']);
    expect([ended.exitCode, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(await heldOf(ann)).toEqual(Object.keys(relations));
  };
  /** The relations of the project with a row of somebody. */
  const heldOf = async (uid: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const [relation, column] of Object.entries(relations)) {
      const [row] = await sql(
        `select count(*) as n from ${relation} where ${column}::text in ('${uid}', '${hashOf(uid)}')`,
      );
      if (String(row?.['n']) !== '0') found.push(relation);
    }
    return found;
  };

  beforeAll(async () => {
    crm = await createTestDatabase();
    warehouse = await createTestDatabase();
    await queryOnce(
      crm.settings,
      `create table persons (id int primary key, uid uuid, email text);
       create table visits (id int primary key, person_id int, brought_by uuid);
       create table notes (id int primary key, body text);
       insert into persons values (1, '${ann}', 'ann@example.com'), (2, '${ben}', 'ben@example.com');
       insert into visits values (1, 2, '${ann}'), (2, 1, null), (3, 1, '${ben}')`,
    );
    club = openProjectFolder(files, {
      ...variables('WAREHOUSE_DB', warehouse.settings),
      ...variables('CRM_DB', crm.settings),
      CHEMFLOW_HASH_SALT: salt,
    });
  });
  beforeEach(() => rebuild());
  afterAll(async () => {
    club.remove();
    await crm.drop();
    await warehouse.drop();
  });

  it('goes with the person where it can be told by lineage, though nothing can be built again', async () => {
    club.write({ 'models/staging/people.sql': `${files['models/staging/people.sql']} where 1 / (id - id) = 1\n` });
    const ended = await forget();
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain('core.users: 1 rows');
    expect(ended.stdout).toContain('ai.scores: 1 rows');
    expect(await heldOf(ann)).toEqual([]);
    expect(await heldOf(ben)).toEqual(Object.keys(relations));
    expect(await sql('select visit_id, brought_by from core.visits')).toEqual([{ visit_id: 1, brought_by: null }]);
    // A small number may be the key of something else: 1 is a visit of Ben too.
    expect(await sql('select number from core.numbers order by 1')).toMatchObject(
      [1, 1, 2, 2, 3].map((number) => ({ number })),
    );
  });

  it('stands untouched, with the tombstone unwritten, where the transaction fails at its very end', async () => {
    await sql(`create function staging.fail() returns trigger language plpgsql as 'begin raise exception ''no''; end';
      create constraint trigger late after delete on staging.crm_persons deferrable initially deferred for each row execute function staging.fail()`);
    const ended = await forget();
    await sql('drop function staging.fail cascade');
    expect(ended.exitCode).toBe(2);
    expect(await heldOf(ann)).toEqual(Object.keys(relations));
    expect(await sql('select * from chemflow.tombstones')).toEqual([]);
    expect(await sql('select count(*)::int as n from staging.crm_visits')).toEqual([{ n: 3 }]);
  });

  it('is counted again after the transaction, and found nowhere', async () => {
    const ended = await forget();
    expect([ended.exitCode, ended.stderr]).toEqual([0, expect.stringContaining('are built again')]);
    expect(ended.stdout).toContain('finds nothing');
    expect(await sql('select visits::int, visitors::int from core.totals')).toEqual([{ visits: 1, visitors: 1 }]);
    expect(await sql('select number from core.numbers order by 1')).toMatchObject([1, 2].map((number) => ({ number })));
  });

  it.each(['jsonl', 'csv', 'parquet'])(
    'is looked for in earlier exports (%s), each of which says whether it holds it',
    async (format) => {
      const select = ['--select', 'examples', 'totals', 'users'];
      expect((await club.call(['export', ...select, '--format', format])).exitCode).toBe(0);
      for (const args of [['--dry-run'], []]) {
        const { stdout } = await forget(...args);
        expect(stdout).toContain(`exports/ai.examples.${format}: holds the person; delete it`);
        expect(stdout).toContain(`exports/core.users.${format}: holds the person; delete it`);
        expect(stdout).toContain(`exports/core.totals.${format}: does not hold the person`);
        expect(stdout).not.toContain('card.json');
      }
      expect((await club.call(['export', ...select, '--format', format])).exitCode).toBe(0);
      await sql('delete from chemflow.tombstones');
      const { stdout } = await club.call(['forget', '--source', 'crm.persons', '--key', '2', '--dry-run']);
      expect(stdout).toContain(`exports/ai.examples.${format}: holds the person`);
    },
  );

  it('is told as unreadable where an export is no file of its format', async () => {
    club.write({ 'exports/broken.parquet': 'PAR1 and nothing else' });
    expect((await forget('--dry-run')).stdout).toContain('exports/broken.parquet: could not be searched (');
  });

  const silent = {
    'models/core/groups.sql': `select string_agg(user_key::text, ', ') as members from {{ ref('users') }}\n`,
  };

  it('is refused, and nothing removed, where a table holds it and no column says whose a row is', async () => {
    await rebuild(silent);
    const ended = await forget();
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('FORGET.UNDECLARED');
    expect(ended.stderr).toContain('core.groups holds something of the person in 1 rows');
    expect(ended.stderr).toContain('models/core/groups.sql');
    expect(await heldOf(ann)).toEqual(Object.keys(relations));
    club.write({
      'models/core/groups.yml': 'version: 2\nmodels: [{ name: groups, meta: { no_person: all in one row } }]\n',
    });
    expect((await forget()).exitCode).toBe(0);
    expect(await sql('select members from core.groups')).toEqual([{ members: ben }]);
    club.write({ 'models/core/groups.sql': `select 1 as members`, 'models/core/groups.yml': 'version: 2\n' });
  });

  it('goes where a model whose SQL cannot be followed says through which hash it is told', async () => {
    const model = (meta: string): Readonly<Record<string, string>> => ({
      'models/core/opaque.sql': `select ${hashed('lower(user_key::text)')} as code from {{ ref('people') }}\n`,
      'models/core/opaque.yml': `version: 2\nmodels:\n  - name: opaque\n    meta: { lineage: declared }\n    columns: [{ name: code, meta: { pii: none${meta} } }]\n`,
    });
    await rebuild(model(''));
    const refused = await forget();
    expect(refused.stderr).toContain('FORGET.UNDECLARED');
    expect(refused.stderr).toContain('model.club.opaque is built of people');
    club.write(model(', person: crm.persons.uid, through: keyed_hahs'));
    expect((await forget()).stderr).toMatch(/FORGET\.DECLARATION(.|\n)*did you mean "keyed_hash"/);
    club.write(model(', person: crm.persons.uid, through: is_given'));
    expect((await forget()).stderr).toContain('FORGET.DECLARATION');
    expect(await heldOf(ann)).toEqual(Object.keys(relations));
    club.write(model(', person: crm.persons.uid, through: keyed_hash'));
    expect((await forget()).stdout).toContain('core.opaque: 1 rows');
    expect(await sql('select code from core.opaque')).toEqual([{ code: hashOf(ben) }]);
    club.write({ 'models/core/opaque.sql': `select 1 as code`, 'models/core/opaque.yml': 'version: 2\n' });
  });

  it.each([
    [
      'a source with personal data',
      {
        'sources.yml': `${files['sources.yml']}      - name: notes\n        extract: { key: [id] }\n        columns: [{ name: id, meta: { pii: none } }, { name: body, meta: { pii: free_text } }]\n`,
      },
      'source.club.crm.notes holds personal data (body)',
    ],
    [
      'a snapshot',
      {
        'snapshots/past.sql': `{% snapshot past %}{{ config(schema='staging', unique_key='id', strategy='check', check_cols='all') }}select id from {{ source('crm', 'persons') }}{% endsnapshot %}\n`,
      },
      'snapshot.club.past keeps what comes from people',
    ],
  ])('%s that does not say whose its rows are is an error before anything is looked for', async (_, more, message) => {
    club.write(more);
    const ended = await forget('--dry-run');
    club.write({ ...files, 'snapshots/past.sql': '' });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('FORGET.UNDECLARED');
    expect(ended.stderr).toContain(message);
  });
});
