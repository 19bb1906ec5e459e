import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openProjectFolder, variables, type ProjectFolder } from '../commands/program.js';
import { createTestDatabase, queryOnce, type TestDatabase } from '../support/database.js';

/** A project whose models look at tables of schema `raw`, and the database of both. */
export interface ExportProject {
  readonly project: ProjectFolder;
  readonly database: TestDatabase;
  /** Runs SQL in the database, apart from the program. */
  sql(text: string): Promise<Record<string, unknown>[]>;
  /** A file of the project's folder. */
  read(path: string): string;
  remove(): Promise<void>;
}

export const chemflowYml = `name: shop
version: '1.0'
targets:
  prod: { schema: public, threads: 2 }
warehouse: { env: { default: WAREHOUSE_DB } }
`;

/** Opens a project with these files (chemflow.yml unless given) and runs `setup` in its database. */
export async function openExportProject(
  files: Readonly<Record<string, string>>,
  setup: string,
): Promise<ExportProject> {
  const database = await createTestDatabase();
  const sql = (text: string): Promise<Record<string, unknown>[]> => queryOnce(database.settings, text);
  await sql(`create schema raw; ${setup}`);
  const project = openProjectFolder(
    { 'chemflow.yml': chemflowYml, ...files },
    variables('WAREHOUSE_DB', database.settings),
  );
  return {
    project,
    database,
    sql,
    read: (path) => readFileSync(join(project.folder, path), 'utf8'),
    remove: async () => {
      project.remove();
      await database.drop();
    },
  };
}

/** What DuckDB, which wrote none of it, reads of a query; with the files of a folder by their names. Values are DuckDB's texts. */
export async function askDuckdb(folder: string, ...queries: readonly string[]): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`set file_search_path = '${folder}'`);
    await connection.run(`set timezone = 'UTC'`);
    let rows: Record<string, unknown>[] = [];
    for (const query of queries) rows = (await connection.runAndReadAll(query)).getRowObjectsJson();
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
