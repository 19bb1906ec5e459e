import type { Command, GlobalOptions } from './command.js';

/** A command as the command line lists it; its module is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly usage: string;
  readonly aliases: readonly string[];
  readonly describe: string;
  load(): Promise<Command<never> & Pick<Command<GlobalOptions>, 'options'>>;
}

function entry(
  usage: string,
  describe: string,
  load: () => Promise<unknown>,
  aliases: readonly string[] = [],
): CommandEntry {
  return { name: usage.split(' ')[0] ?? usage, usage, aliases, describe, load: load as CommandEntry['load'] };
}

/** Every command of chemflow, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  entry(
    'run',
    'Make the warehouse current: extract, seeds, snapshots, models',
    async () => (await import('./run.js')).runCommand,
  ),
  entry('build', 'Run and test together, in order', async () => (await import('./build.js')).buildCommand),
  entry('test', 'Run the data tests', async () => (await import('./test.js')).testCommand),
  entry('extract', 'Copy source tables into staging', async () => (await import('./extract.js')).extractCommand),
  entry('seed', 'Load the CSV seeds', async () => (await import('./seed.js')).seedCommand),
  entry('snapshot', 'Take the snapshots', async () => (await import('./snapshot.js')).snapshotCommand),
  entry(
    'compile',
    'Render models to SQL in target/compiled',
    async () => (await import('./compile.js')).compileCommand,
  ),
  entry(
    'show',
    "Print a model's first rows, or those of --inline SQL",
    async () => (await import('./show.js')).showCommand,
  ),
  entry(
    'export',
    'Write models to Parquet, JSON Lines or CSV files with a data card, or --verify such files',
    async () => (await import('./export.js')).exportCommand,
  ),
  entry(
    'lineage <column>',
    'Show what a column derives from, or what derives from it',
    async () => (await import('./lineage.js')).lineageCommand,
  ),
  entry('ls', 'List resources', async () => (await import('./ls.js')).lsCommand, ['list']),
  entry(
    'parse',
    'Read the project and write target/manifest.json',
    async () => (await import('./parse.js')).parseCommand,
  ),
  entry(
    'forget',
    'Remove one person from the warehouse, and keep them out',
    async () => (await import('./forget.js')).forgetCommand,
  ),
  entry(
    'source <action>',
    'Check how fresh the sources are (source freshness)',
    async () => (await import('./source.js')).sourceCommand,
  ),
  entry('history', 'Show the last runs', async () => (await import('./history.js')).historyCommand),
  entry('debug', 'Check configuration and connections', async () => (await import('./debug.js')).debugCommand),
  entry('deps', 'Install packages', async () => (await import('./deps.js')).depsCommand),
  entry('clean', 'Remove target/ and other generated folders', async () => (await import('./clean.js')).cleanCommand),
  entry(
    'db <action>',
    'The embedded PostgreSQL: start, stop, status, url, psql, reset',
    async () => (await import('./db.js')).dbCommand,
  ),
  entry(
    'sample <action>',
    'The sample sources: create, advance',
    async () => (await import('./sample.js')).sampleCommand,
  ),
];
