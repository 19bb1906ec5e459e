import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAdapter } from '../../src/adapter/index.js';
import type { Adapter } from '../../src/types/index.js';
import { openProjectFolder, variables, type ProjectFolder } from '../commands/program.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const files = {
  'chemflow.yml': `name: shop
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: WAREHOUSE_DB } }
hash_salt: required
privacy:
  allowed_in: [staging]
  declassifiers:
    - name: keyed_hash
      expression: encode(sha256(convert_to(nullif(current_setting('chemflow.hash_salt'), '') || ':' || ($1)::text, 'UTF8')), 'hex')
      reason: Nobody can try it out without the salt.
    - name: email_domain
      expression: substring($1 from '@(.*)$')
      kinds: [email]
      reason: A provider is nobody.
models:
  shop:
    staging: { +schema: staging }
    core: { +schema: core, +materialized: table }
snapshots:
  shop: { +schema: staging }
seeds:
  shop: { +schema: core }
`,
  'macros/names.sql': `{% macro generate_schema_name(name, node) %}{{ target.schema if name is none else name }}{% endmacro %}
{% macro keyed_hash(x) %}encode(sha256(convert_to(nullif(current_setting('chemflow.hash_salt'), '') || ':' || ({{ x }})::text, 'UTF8')), 'hex'){% endmacro %}
`,
  'sources.yml': `version: 2
sources:
  - name: till
    schema: raw
    tables:
      - name: buyers
        columns:
          - { name: id, meta: { pii: none } }
          - { name: email, meta: { pii: email } }
          - { name: name, meta: { pii: name } }
          - name: country
            meta: { pii: none }
      - name: sales
        columns:
          - { name: id, meta: { pii: none } }
          - { name: buyer_id, meta: { pii: none } }
          - { name: note, meta: { pii: free_text } }
`,
  'models/staging/people.sql': `select buyers.id, buyers.email as contact, buyers.name, buyers.country\nfrom {{ source('till', 'buyers') }} as buyers\n`,
  'models/core/users.sql': `select id, {{ keyed_hash('lower(contact)') }} as email_hash, country from {{ ref('people') }}\n`,
};

let warehouse: TestDatabase;
let adapter: Adapter;
let project: ProjectFolder;

const sql = async (text: string): Promise<readonly (readonly (string | null)[])[]> =>
  (await adapter.withSession((session) => session.query(text))).rows;

beforeAll(async () => {
  warehouse = await createTestDatabase();
  adapter = createAdapter(warehouse.settings, { poolSize: 2 });
  await sql(
    `create schema raw;
     create table raw.buyers (id int, email text, name text, country text, shoe_size int);
     create table raw.sales (id int, buyer_id int, note text);
     insert into raw.buyers values (1, 'ann@example.com', 'Ann', 'PH', 38)`,
  );
});

afterAll(async () => {
  await adapter.close();
  await warehouse.drop();
});

beforeEach(async () => {
  await sql('drop schema if exists core cascade; drop schema if exists staging cascade');
  project = openProjectFolder(files, {
    ...variables('WAREHOUSE_DB', warehouse.settings),
    CHEMFLOW_HASH_SALT: 'pepper-and-salt',
  });
  return () => {
    project.remove();
  };
});

const relations = async (): Promise<readonly string[]> =>
  (
    await sql(
      `select table_schema || '.' || table_name from information_schema.tables where table_schema in ('core', 'staging') order by 1`,
    )
  ).map(([name]) => name ?? '');

/** Personal data on its way out of staging: what a careless or a cunning analyst writes, and the columns that carry it. */
const leaks: readonly (readonly [title: string, model: string, ...columns: string[]])[] = [
  ['select *', `select * from {{ ref('people') }}`, 'contact carries email', 'name carries name'],
  ['a renamed column', `select id, name as label from {{ ref('people') }}`, 'label carries name'],
  ['a concatenation', `select id, country || ': ' || contact as line from {{ ref('people') }}`, 'line carries email'],
  [
    'a coalesce through a join',
    `select sales.id, coalesce(people.country, people.name) as buyer from {{ source('till', 'sales') }} as sales left join {{ ref('people') }} as people on people.id = sales.buyer_id`,
    'buyer carries name',
  ],
  [
    'a union branch',
    `select id, country as word from {{ ref('people') }} union all select id, name from {{ ref('people') }}`,
    'word carries name',
  ],
  [
    'json_build_object',
    `select id, json_build_object('where', country, 'who', name) as metadata from {{ ref('people') }}`,
    'metadata carries name',
  ],
  [
    'a whole row',
    `select p.id, to_jsonb(p) as all_of_it from {{ ref('people') }} as p`,
    'all_of_it carries email, name',
  ],
  ['a row as text', `select p::text as line from {{ ref('people') }} as p`, 'line carries email, name'],
  ['TABLE', `table {{ ref('people') }}`, 'contact carries email', 'name carries name'],
  [
    'a common table expression behind another',
    `with a as (select * from {{ ref('people') }}), b as (select name as x from a) select x from b`,
    'x carries name',
  ],
  [
    'a hash beside the value',
    `select coalesce({{ keyed_hash('contact') }}, contact) as h from {{ ref('people') }}`,
    'h carries email',
  ],
  ['a hash without the salt', `select md5(contact) as h from {{ ref('people') }}`, 'h carries email'],
  [
    'a declassifier of another kind',
    `select substring(name from '@(.*)$') as d, substring(contact from '@(.*)$') as fine from {{ ref('people') }}`,
    'd carries name',
  ],
  ['the salt', `select current_setting('chemflow.hash_salt') as pepper`, 'pepper carries secret'],
  [
    'a column of the source that nobody classified',
    `select shoe_size from {{ source('till', 'buyers') }}`,
    'shoe_size carries unclassified',
  ],
  [
    'the columns to come of a source',
    `select * from {{ source('till', 'sales') }}`,
    'note carries free_text',
    '* carries unclassified',
  ],
  ['a table named without ref()', `select contact from staging.people`, 'contact carries email'],
  [
    'a table named without source(), and its row as a value',
    `select (x.b).email as y from (select b from raw.buyers b) x`,
    'y carries email',
  ],
  [
    'a predicate in the select list',
    `select id, contact like 'a%' as a, count(*) filter (where name > 'k') over () as k from {{ ref('people') }}`,
    'a carries email',
    'k carries name',
  ],
  [
    'letters by number',
    `select id, n, ascii(substr(contact, n)) as code from {{ ref('people') }}, generate_series(1, 50) as n`,
    'code carries email',
  ],
];

describe('of all leaks in one project, compile', () => {
  let exitCode: number;
  let stderr: string;

  beforeAll(async () => {
    const models = leaks.map(
      ([, model], index) => [`models/core/leak_${index}.sql`, `-- a model\n${model}\n`] as const,
    );
    const leaking = openProjectFolder(
      { ...files, ...Object.fromEntries(models) },
      variables('WAREHOUSE_DB', warehouse.settings),
    );
    ({ exitCode, stderr } = await leaking.call(['compile'], { env: { CHEMFLOW_HASH_SALT: 'x' } }));
    leaking.remove();
  });

  it.each(leaks.map(([title, _model, ...columns], index) => ({ title, index, columns })))(
    'refuses $title',
    ({ index, columns }) => {
      expect(exitCode).toBe(2);
      const told = [
        ...stderr.matchAll(/^PRIVACY\.PERSONAL_DATA: core\.(leak_\d+)\.(.*) (?:out of staging|into a table):$/gm),
      ];
      expect(told.filter(([, model]) => model === `leak_${index}`).map(([, , column]) => column)).toEqual(columns);
      expect(stderr).toContain(`at models/core/leak_${index}.sql:2:`);
    },
  );
});

describe('compile', () => {
  it('tells the whole way, from the column of the source to the model, and what to do', async () => {
    project.write({
      'models/staging/names.sql': `select id,\n  upper(name) as label\nfrom {{ ref('people') }}\n`,
      'models/core/badges.sql': `select id,\n  label || '!' as text\nfrom {{ ref('names') }}\n`,
    });
    const { stderr } = await project.call(['compile']);
    expect(stderr).toContain(
      'core.badges.text carries name out of staging:\n' +
        '    source till.buyers.name (sources.yml:10) -> staging.people.name (models/staging/people.sql:1) -> ' +
        'staging.names.label (models/staging/names.sql:2) -> core.badges.text (models/core/badges.sql:2)\n' +
        '  at models/core/badges.sql:2:3',
    );
    expect(stderr).toContain('privacy.declassifiers in chemflow.yml');
  });

  it('tells all that is wrong at once', async () => {
    project.write({
      'models/core/one.sql': `select name from {{ ref('people') }}\n`,
      'models/core/two.sql': `select contact from {{ ref('people') }}\n`,
      'models/core/three.sql': `select * from query_to_xml('select 1', true, false, '') as x\n`,
      'models/core/four.sql': `select contact from elsewhere.people\n`,
    });
    const { stderr } = await project.call(['compile']);
    expect(stderr).toContain('core.one.name carries name');
    expect(stderr).toContain('core.two.contact carries email');
    expect(stderr).toContain('LINEAGE.UNTRACEABLE: What the columns of core.three derive from cannot be told');
    expect(stderr).toContain('nothing is known of the columns of elsewhere.people');
  });

  it('lets pass what is declassified, and writes the lineage of every model', async () => {
    expect(await project.call(['compile'])).toMatchObject({ exitCode: 0 });
    const { nodes } = JSON.parse(readFileSync(join(project.folder, 'target/lineage.json'), 'utf8')) as {
      readonly nodes: Record<string, { readonly how: string; readonly columns: Record<string, unknown> }>;
    };
    expect(nodes['model.shop.users']).toMatchObject({
      how: 'followed',
      columns: {
        id: { pii: [], upstream: [{ unique_id: 'model.shop.people', column: 'id', transformation: 'identity' }] },
        email_hash: {
          pii: [],
          upstream: [
            {
              unique_id: 'model.shop.people',
              column: 'contact',
              transformation: 'declassified',
              declassifiers: ['keyed_hash'],
            },
          ],
        },
      },
    });
    expect(nodes['model.shop.people']).toMatchObject({ columns: { contact: { pii: ['email'] } } });
    expect(nodes['source.shop.till.buyers']).toMatchObject({
      how: 'source',
      columns: { '*': { pii: ['unclassified'] } },
    });
  });

  it('wants every declared column of a source classified', async () => {
    project.write({
      'sources.yml': files['sources.yml'].replace(
        '          - name: country\n            meta: { pii: none }\n',
        '          - name: country\n',
      ),
    });
    const { exitCode, stderr } = await project.call(['compile']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'PRIVACY.UNCLASSIFIED: One column of till.buyers says not whether personal data is in it: country.',
    );
    expect(stderr).toContain('at sources.yml:11:');
  });

  it('takes the word of a model that declares its columns', async () => {
    const model = { 'models/core/opaque.sql': `select * from jsonb_populate_record(null::raw.sales, '{}')\n` };
    project.write(model);
    expect((await project.call(['compile'])).stderr).toContain('meta: { lineage: declared }');
    const properties = (kind: string): Record<string, string> => ({
      'models/core/opaque.yml': `version: 2\nmodels:\n  - name: opaque\n    config: { meta: { lineage: declared } }\n    columns:\n      - { name: id, meta: { pii: none } }\n      - { name: note, meta: { pii: ${kind} } }\n`,
    });
    project.write(properties('none'));
    expect(await project.call(['compile'])).toMatchObject({ exitCode: 0 });
    project.write(properties('free_text'));
    expect((await project.call(['compile'])).stderr).toContain('core.opaque.note carries free_text out of staging');
  });

  it('refuses a snapshot, a seed and an ephemeral model with personal data where none may be', async () => {
    project.write({
      'snapshots/history.sql': `{% snapshot history %}{{ config(schema='core', unique_key='email', strategy='check', check_cols='all') }}
select id, email from {{ source('till', 'buyers') }}
{% endsnapshot %}\n`,
      'seeds/staff.csv': 'id,email\n1,ann@example.com\n',
      'seeds/seeds.yml':
        'version: 2\nseeds:\n  - name: staff\n    columns:\n      - { name: email, meta: { pii: email } }\n',
      'models/core/between.sql': `{{ config(materialized='ephemeral') }}\nselect name as n from {{ ref('people') }}\n`,
      'models/core/after.sql': `select n from {{ ref('between') }}\n`,
    });
    const { stderr } = await project.call(['compile']);
    expect(stderr).toContain('core.history.email carries email');
    expect(stderr).toContain('core.history.dbt_scd_id carries email');
    expect(stderr).toContain('core.after.n carries name');
    expect(stderr).not.toContain('between.n carries');
    expect((await project.call(['seed'])).stderr).toContain('core.staff.email carries email');
  });

  it('says what is wrong with a declassifier', async () => {
    project.write({
      'chemflow.yml': files['chemflow.yml'].replace(`substring($1 from '@(.*)$')`, 'lower(email)'),
    });
    const { stderr } = await project.call(['compile']);
    expect(stderr).toContain('CONFIG.DECLASSIFIER: The declassifier "email_domain" is no expression to be recognized');
    expect(stderr).toContain('at chemflow.yml:13:');
    project.write({ 'chemflow.yml': files['chemflow.yml'].replace('      reason: A provider is nobody.\n', '') });
    expect((await project.call(['compile'])).stderr).toContain('CONFIG.DECLASSIFIER: This declassifier has no reason.');
  });
});

describe('run', () => {
  it('builds nothing where personal data would get out, also of what is well', async () => {
    project.write({ 'models/core/leak.sql': `select * from {{ ref('people') }}\n` });
    const { exitCode, stderr } = await project.call(['run']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('core.leak.contact carries email');
    expect(await relations()).toEqual([]);
    expect((await project.call(['build', '--select', 'leak+'])).exitCode).toBe(2);
  });

  it('follows the unselected ancestors of what is selected, and nothing else', async () => {
    expect(await project.call(['run'])).toMatchObject({ exitCode: 0 });
    project.write({
      'models/core/leak.sql': `select name from {{ ref('people') }}\n`,
      'models/core/fine.sql': `select country from {{ ref('people') }}\n`,
    });
    expect(await project.call(['run', '--select', 'fine'])).toMatchObject({ exitCode: 0 });
    expect((await project.call(['run', '--select', 'leak'])).stderr).toContain('core.leak.name carries name');
    expect(await relations()).toEqual(['core.fine', 'core.users', 'staging.people']);
  });

  it('looks at the SQL that is really run: what an increment brings as at what the first run brought', async () => {
    const model = `{{ config(materialized='incremental', unique_key='id') }}
select id, {% if is_incremental() %}name{% else %}country{% endif %} as word from {{ ref('people') }}\n`;
    project.write({ 'models/core/words.sql': model });
    expect(await project.call(['run'])).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await project.call(['run']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('core.words.word carries name');
    expect(await sql('select word from core.words')).toEqual([['PH']]);
  });

  it('follows what a template finds in a table that the same run builds', async () => {
    project.write({
      'models/core/asked.sql': `-- depends_on: {{ ref('users') }}
{% set column = run_query("select case when count(*) > 0 then 'name' else 'country' end from " ~ ref('users')).columns[0].values()[0] if execute else 'country' %}
select {{ column }} as answer from {{ ref('people') }}\n`,
    });
    const { exitCode, stderr } = await project.call(['run']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('core.asked.answer carries name');
    expect(await relations()).toEqual(['core.users', 'staging.people']);
  });

  it('follows what is read as an earlier run left it, against the order of building', async () => {
    const looksBack = `{% set before = adapter.get_relation(this.database, 'core', 'users') %}
select id{% if before is not none %}, (select max(u.country) from {{ before }} as u) as seen{% endif %} from {{ ref('people') }}\n`;
    project.write({
      'models/staging/before.sql': looksBack,
      'models/core/users.sql': `select id, country from {{ ref('people') }} where id in (select id from {{ ref('before') }})\n`,
      'models/core/last.sql': `select * from {{ ref('before') }}\n`,
    });
    expect(await project.call(['run'])).toMatchObject({ exitCode: 0 });
    rmSync(join(project.folder, 'target'), { recursive: true });
    expect(await project.call(['run'])).toMatchObject({ exitCode: 0 });
    expect((await project.call(['lineage', 'core.last.seen'])).stdout).toContain('source till.buyers.country');
    project.write({
      'models/core/users.sql': `select b.id, name as country from {{ ref('people') }} p join {{ ref('before') }} b using (id)\n`,
    });
    expect((await project.call(['run'])).stderr).toContain('core.last.seen carries name');
  });

  it('keeps what a staging table was filled with in mind when an increment only reads itself', async () => {
    project.write({
      'models/staging/kept.sql': `{{ config(materialized='incremental') }}
{% if is_incremental() %}select id, word from {{ this }} where false{% else %}select id, name as word from {{ ref('people') }}{% endif %}\n`,
      'models/core/later.sql': `select id from {{ ref('kept') }}\n`,
    });
    expect(await project.call(['run'])).toMatchObject({ exitCode: 0 });
    project.write({ 'models/core/later.sql': `select word from {{ ref('kept') }}\n` });
    expect((await project.call(['run'])).stderr).toContain('core.later.word carries name');
  });

  it('never has the salt in what it writes', async () => {
    await project.call(['run']);
    for (const file of ['lineage.json', 'lineage_cache.json', 'manifest.json'])
      expect(readFileSync(join(project.folder, 'target', file), 'utf8')).not.toContain('pepper-and-salt');
  });
});

describe('a project that classifies nothing', () => {
  it('is not looked at, and yet has a lineage when it is asked for one', async () => {
    project.write({
      'chemflow.yml': files['chemflow.yml'].replace(/privacy:[\s\S]*?(?=models:)/, ''),
      'sources.yml': files['sources.yml'].replaceAll(/pii: \w+/g, 'since: 2020'),
      'models/core/all_of_it.sql': `select * from {{ ref('people') }}\n`,
    });
    expect(await project.call(['compile'])).toMatchObject({ exitCode: 0 });
    expect(() => readFileSync(join(project.folder, 'target/lineage.json'))).toThrow();
    const { stdout } = await project.call(['lineage', 'all_of_it.name']);
    expect(stdout).toBe('core.all_of_it.name\n└─ staging.people.name\n   └─ source till.buyers.name\n');
  });
});

describe('lineage', () => {
  it('draws what a column derives from and what derives from it', async () => {
    expect((await project.call(['lineage', 'core.users.email_hash'])).stdout).toBe(
      'core.users.email_hash\n└─ staging.people.contact  [email]  declassified by keyed_hash\n   └─ source till.buyers.email  [email]\n',
    );
    expect((await project.call(['lineage', 'core.users.email_hash', '--depth', '1'])).stdout.split('\n')).toHaveLength(
      3,
    );
    expect((await project.call(['lineage', 'till.buyers.email', '--downstream'])).stdout).toBe(
      'source till.buyers.email  [email]\ndownstream:\n└─ staging.people.contact  [email]\n   └─ core.users.email_hash  declassified by keyed_hash\n',
    );
  });

  it('lists the columns of a model, and gives JSON', async () => {
    const { stdout } = await project.call(['lineage', 'people']);
    expect(stdout).toMatch(/^contact +email +source till\.buyers\.email$/m);
    const json = JSON.parse((await project.call(['lineage', 'users.country', '--output', 'json'])).stdout) as object;
    expect(json).toMatchObject({
      unique_id: 'model.shop.users',
      column: 'country',
      pii: [],
      upstream: [{ label: 'staging.people', column: 'country', transformation: 'identity' }],
    });
  });

  it('helps with names that are not there', async () => {
    expect((await project.call(['lineage', 'core.user.id'])).stderr).toContain('did you mean "core.users"?');
    expect((await project.call(['lineage', 'users.contry'])).stderr).toContain('did you mean "country"?');
  });
});
