import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { writeProject, type TestProject } from './write-project.js';

const config = `name: shop
targets:
  prod: { schema: public, threads: 3 }
  dev: { schema: "dev_{{ env_var('USER', 'me') }}" }
warehouse: { env: { default: ANALYTICS_DB, kube: ANALYTICS_DEV_DB }, database: shop_analytics }
connections:
  orders: { env: { default: ORDERS_PRD_DB, kube: ORDERS_DEV_DB }, sample_database: orders-prd }
hash_salt: required
`;
const real = {
  ANALYTICS_DB_HOST: 'db.example',
  ANALYTICS_DB_NAME: 'analytics',
  ANALYTICS_DB_USER: 'etl',
  ORDERS_PRD_DB_HOST: 'orders.example',
  ORDERS_PRD_DB_NAME: 'orders',
  ORDERS_PRD_DB_USER: 'reader',
  ORDERS_PRD_DB_PORT: '6432',
  CHEMFLOW_HASH_SALT: 'pepper',
};

let project: TestProject | undefined;
afterEach(() => project?.remove());
const write = (files: Record<string, string> = {}): TestProject =>
  (project = writeProject({ 'chemflow.yml': config, ...files }));

describe('the environment of a project', () => {
  it('leads to the embedded server where nothing is configured', () => {
    const { target, sourceConnections } = write().load();
    expect(target.embedded).toBe(true);
    expect(target.connection.database).toBe('shop_analytics');
    expect(sourceConnections).toEqual({});
  });

  it('takes a blank variable as unset', () => {
    expect(write({ '.env': 'ANALYTICS_DB_HOST=\nDATA_ENV=  \n' }).load().target.embedded).toBe(true);
  });

  it('gives real connections, the port 5432 unless told, and the salt to the warehouse alone', () => {
    const { target, sourceConnections, env } = write().load({ env: { ...real, PGSSLMODE: 'require' } });
    expect(target.embedded).toBe(false);
    expect(target.connection).toMatchObject({
      host: 'db.example',
      port: 5432,
      database: 'analytics',
      user: 'etl',
      sslmode: 'require',
    });
    expect(target.connection.sessionSettings).toEqual({ 'chemflow.hash_salt': 'pepper' });
    expect(sourceConnections['orders']).toMatchObject({ host: 'orders.example', port: 6432 });
    expect(sourceConnections['orders']?.sessionSettings).toBeUndefined();
    expect(env['CHEMFLOW_HASH_SALT']).toBeUndefined();
  });

  it('names everything that is missing together', () => {
    const said = write().complaint({ env: { ANALYTICS_DB_HOST: 'db.example' } });
    expect(said).toContain('CONFIG.MISSING_ENV');
    for (const name of ['ANALYTICS_DB_NAME', 'ANALYTICS_DB_USER', 'ORDERS_PRD_DB_HOST', 'CHEMFLOW_HASH_SALT'])
      expect(said).toContain(name);
  });

  it('takes a misspelt variable of a connection for a real one, and names it', () => {
    const said = write().complaint({ env: { ORDERS_DB_HOST: 'db.example' } });
    expect(said).toContain('CONFIG.MISSING_ENV');
    expect(said).toContain('no connection reads ORDERS_DB_HOST');
    expect(write().load({ env: { ANALYTICS_TOKEN: 'x', ORDERSHEET: 'y' } }).target.embedded).toBe(true);
  });

  it('refuses the values of an example', () => {
    const said = write().complaint({
      env: { ...real, ORDERS_PRD_DB_PASSWORD: 'your_local_password', ANALYTICS_DB_HOST: '...' },
    });
    expect(said).toContain('CONFIG.PLACEHOLDER');
    expect(said).toContain('ANALYTICS_DB_HOST, ORDERS_PRD_DB_PASSWORD');
  });

  it('switches every connection by DATA_ENV, and knows no other word', () => {
    const said = write().complaint({ env: { ...real, DATA_ENV: 'kube' } });
    expect(said).toContain('ANALYTICS_DEV_DB_HOST');
    expect(said).toContain('ORDERS_DEV_DB_HOST');
    expect(write().complaint({ env: { ...real, DATA_ENV: 'cube' } })).toContain('CONFIG.UNKNOWN_DATA_ENV');
    expect(write().complaint({ env: { DATA_ENV: 'kube' } })).toContain('CONFIG.MISSING_ENV');
  });

  it('lets the process win over .env', () => {
    const files = { '.env': 'ETL_BATCH_SIZE=500\nUSER=file\n' };
    expect(write(files).load().batchSize).toBe(500);
    expect(write(files).load({ env: { ETL_BATCH_SIZE: '7', USER: 'process' }, target: 'dev' })).toMatchObject({
      batchSize: 7,
      target: { schema: 'dev_process', name: 'dev' },
    });
  });

  it.each([
    [{ ETL_BATCH_SIZE: 'many' }, 'CONFIG.BATCH_SIZE'],
    [{ ETL_LOG_LEVEL: 'loud' }, 'CONFIG.LOG_LEVEL'],
    [{ ...real, ANALYTICS_DB_PORT: 'x' }, 'CONFIG.PORT'],
    [{ ...real, ANALYTICS_DB_SSLMODE: 'yes' }, 'CONFIG.SSLMODE'],
  ])('refuses %j', (env, code) => {
    expect(write().complaint({ env })).toContain(code);
  });

  it('names the nearest target', () => {
    expect(write().complaint({ target: 'pord' })).toContain('did you mean "prod"?');
  });

  it('names the nearest key of chemflow.yml with its place', () => {
    expect(write({ 'chemflow.yml': 'name: shop\nmodel-path: [m]\n' }).complaint()).toMatchInlineSnapshot(`
      "CONFIG.UNKNOWN_KEY: "model-path" is no key of chemflow.yml.
        at chemflow.yml:2:1
        1 | name: shop
        2 | model-path: [m]
          | ^
        hint: did you mean "model-paths"?"
    `);
  });
});

describe('threads', () => {
  const without = config.replace(', threads: 3', '');

  it('are as many as the target says, or the command', () => {
    expect(write().load().target.threads).toBe(3);
    expect(write().load({ threads: 5 }).target.threads).toBe(5);
  });

  it('are four on a server of its own, and on the embedded one no more than there are cores', () => {
    expect(write({ 'chemflow.yml': without }).load({ env: real }).target.threads).toBe(4);
    expect(write({ 'chemflow.yml': without }).load().target.threads).toBe(Math.min(4, availableParallelism()));
  });
});

describe('profiles.yml', () => {
  const dbtProject = { 'dbt_project.yml': 'name: jaffle\nprofile: jaffle\n' };
  const profiles = `jaffle:
  target: dev
  outputs:
    dev: { type: postgres, host: localhost, user: "{{ env_var('ME') }}", pass: x, dbname: shop, schema: alice, search_path: a, threads: 2 }
    other: { type: postgres, host: "{{ env_var('NOT_SET') }}" }
`;

  it('gives the target of a dbt project, and leaves other outputs alone', () => {
    const { target } = (project = writeProject({ ...dbtProject, 'profiles.yml': profiles })).load({
      env: { ME: 'alice' },
    });
    expect(target).toMatchObject({
      name: 'dev',
      profileName: 'jaffle',
      schema: 'alice',
      threads: 2,
      embedded: false,
      extra: { search_path: 'a' },
      connection: { host: 'localhost', port: 5432, user: 'alice', password: 'x', database: 'shop' },
    });
  });

  it('is not needed for the embedded server, but a wrong name in it is an error', () => {
    expect((project = writeProject(dbtProject)).load({ env: {}, profilesDir: undefined }).target.type).toBe('postgres');
    project.remove();
    project = writeProject({ ...dbtProject, 'profiles.yml': profiles });
    expect(project.complaint({ target: 'prod', env: { ME: 'a' } })).toContain('CONFIG.UNKNOWN_TARGET');
    expect(project.complaint({ profile: 'jaffel', env: { ME: 'a' } })).toContain('did you mean "jaffle"?');
  });
});
