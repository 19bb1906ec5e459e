import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import yargs, { type Argv } from 'yargs';
import { commandTable, type CommandEntry } from './commands/table.js';
import type { CommandContext, ExitCode, GlobalOptions } from './commands/command.js';
import { ChemflowError, ChemflowErrors, didYouMean, formatError } from './error/index.js';
import { createTerminal, type Io } from './progress/index.js';
import { packageRoot } from './util/package-root.js';

/** chemflow's version, from package.json. */
function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}

function withGlobalOptions(parser: Argv): Argv<GlobalOptions> {
  return parser.options({
    'project-dir': { type: 'string', describe: 'Folder of chemflow.yml or dbt_project.yml', global: true },
    'profiles-dir': { type: 'string', describe: 'Folder of profiles.yml (dbt projects)', global: true },
    profile: { type: 'string', describe: 'Profile of profiles.yml to use', global: true },
    target: { alias: 't', type: 'string', describe: 'Target to build into', global: true },
    vars: { type: 'string', describe: 'Variables as YAML: "{as_of: 2026-03-01}"', global: true },
    'target-path': { type: 'string', describe: 'Folder for artifacts (default: target)', global: true },
    'partial-parse': {
      type: 'boolean',
      describe: 'Use what was parsed before, where nothing has changed (--no-partial-parse)',
      global: true,
    },
    'log-format': {
      choices: ['text', 'json'] as const,
      default: 'text' as const,
      describe: 'Form of the log on stderr',
      global: true,
    },
    'log-level': { choices: ['debug', 'info', 'warn', 'error'] as const, describe: 'How much is said', global: true },
    debug: { alias: 'd', type: 'boolean', describe: 'Same as --log-level debug', global: true },
    quiet: { alias: 'q', type: 'boolean', default: false, describe: 'Say nothing but errors', global: true },
    'use-colors': { type: 'boolean', describe: 'Colours, whatever the terminal is', global: true },
  }) as unknown as Argv<GlobalOptions>;
}

/** The log level: an option, else ETL_LOG_LEVEL, else info. An unknown word in the environment is reported by the project's loading. */
function logLevel(options: GlobalOptions, io: Io): 'debug' | 'info' | 'warn' | 'error' {
  if (options.debug === true) return 'debug';
  const fromEnvironment = (io.env['ETL_LOG_LEVEL'] ?? '').toLowerCase();
  const level = options.logLevel ?? fromEnvironment;
  return level === 'debug' || level === 'warn' || level === 'error' ? level : 'info';
}

/**
 * The whole program: parses `argv` (without node and script), runs one command and resolves to its exit code:
 * 0 well, 1 finished with failures, 2 could not do its job, 130 interrupted. Never throws, never ends the process.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let failure: { readonly message: string | null; readonly error: Error | undefined } | undefined;
  const parser = withGlobalOptions(
    yargs([...argv])
      .scriptName('chemflow')
      .usage('$0 <command>\n\nSQL-first transformations for PostgreSQL.')
      .parserConfiguration({ 'boolean-negation': true, 'duplicate-arguments-array': true })
      .version(false)
      .option('version', { alias: 'V', type: 'boolean', describe: 'Print the version' })
      .help()
      .alias('help', 'h')
      .wrap(Math.min(110, io.stdout.columns ?? 110))
      .strict()
      .exitProcess(false),
  );
  parser.fail((message: string | null, error: Error | undefined) => {
    failure ??= { message, error };
    throw error ?? new Error(message ?? 'usage');
  });
  const called = calledDirectly(argv);
  for (const entry of called === undefined ? commandTable : [called]) {
    parser.command(
      called === undefined ? [entry.usage, ...entry.aliases] : entry.usage.replace(entry.name, '$0'),
      entry.describe,
      async (sub) => (await entry.load()).options(sub as Argv<GlobalOptions>) as Argv,
      async (parsed) => {
        const surplus = (parsed['_'] as readonly (string | number)[]).slice(called === undefined ? 1 : 0);
        if (surplus.length > 0) {
          failure = { message: `Unknown argument: ${surplus.join(' ')}`, error: undefined };
          return;
        }
        const command = await entry.load();
        const options = parsed as unknown as GlobalOptions;
        const invocationId = randomUUID();
        const terminal = createTerminal(io, {
          logFormat: options.logFormat,
          logLevel: logLevel(options, io),
          quiet: options.quiet,
          useColors: options.useColors,
          invocationId,
        });
        const context: CommandContext = { io, terminal, invocationId };
        try {
          exitCode = await command.run(parsed as never, context);
        } catch (error) {
          terminal.error(error);
          exitCode = exitCodeOf(error);
        } finally {
          terminal.close();
        }
        if (io.signal.aborted) exitCode = 130;
      },
    );
  }
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    io.stdout.write(`chemflow ${version()}\n`);
    return 0;
  }
  try {
    let printed = '';
    const words = argv.length === 0 ? ['--help'] : argv.slice(called === undefined ? 0 : 1);
    await parser.parseAsync(words, {}, (_error: unknown, _parsed: unknown, output: string) => {
      printed = output;
    });
    if (failure !== undefined) throw failure.error ?? new Error(failure.message ?? 'usage');
    if (printed !== '') io.stdout.write(`${printed}\n`);
  } catch (error) {
    // yargs throws its own errors for words that it does not know; anything else is a bug of ours.
    const isUsage =
      (failure !== undefined && failure.error === undefined) || (error instanceof Error && error.name === 'YError');
    const options = isUsage ? optionsIn(await parser.getHelp()) : [];
    io.stderr.write(`${isUsage ? usageError(error, argv, options) : formatError(error)}\n`);
    return 2;
  }
  return exitCode;
}

/**
 * The command that the first word names, unless help is wanted: yargs is then told of it alone, as its default command, because it lays out the whole
 * help of any other one before it runs it, which takes as long as parsing a small project.
 */
function calledDirectly(argv: readonly string[]): CommandEntry | undefined {
  if (argv.some((word) => word.startsWith('--h') || /^-\w*h/.test(word))) return undefined;
  return commandTable.find((entry) => entry.name === argv[0] || entry.aliases.includes(argv[0] ?? ''));
}

/** The long options that a help text tells of, with their dashes. */
function optionsIn(help: string): readonly string[] {
  return [...new Set([...help.matchAll(/(?<=[\s,])--[a-z][a-z-]+/g)].map(([option]) => option))];
}

/** What a wrong command line is answered with. */
function usageError(error: unknown, argv: readonly string[], options: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const word = argv.find((argument) => !argument.startsWith('-'));
  const names = commandTable.flatMap((entry) => [entry.name, ...entry.aliases]);
  const unknown = /^Unknown argument: (\S+)$/.exec(message)?.[1] ?? '';
  const wrong = argv.find((argument) => argument.replace(/=.*/, '') === `--${unknown}`)?.replace(/=.*/, '');
  const guess =
    word !== undefined && !names.includes(word)
      ? didYouMean(word, names)
      : wrong !== undefined
        ? didYouMean(wrong, options)
        : undefined;
  const lines = [`CLI.USAGE: ${message}`];
  if (guess !== undefined) lines.push(`  hint: ${guess}`);
  else
    lines.push(
      `  hint: chemflow ${word !== undefined && names.includes(word) ? `${word} ` : ''}--help lists what there is`,
    );
  return lines.join('\n');
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ChemflowError) return error.code === 'RUN.INTERRUPTED' ? 130 : error.exitCode;
  if (error instanceof ChemflowErrors) return error.errors.some((one) => one.exitCode === 2) ? 2 : 1;
  return 2;
}

/** The process as a command's outer world; the first Ctrl-C or SIGTERM aborts the signal, a second Ctrl-C ends the process at once. */
function processIo(): Io {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // A reader such as `head` may close the pipe before all is written. What is under way is brought to its end all the same: only nobody hears of it.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd(), signal: abort.signal };
}
