import type { Argv } from 'yargs';
import type { GlobalOptions } from './command.js';

/** Options of commands that work on chosen resources. */
export interface SelectionOptions extends GlobalOptions {
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly selector?: string | undefined;
  readonly threads?: number | undefined;
  readonly indirectSelection: 'eager' | 'cautious' | 'buildable' | 'empty';
}

/** `--select`, `--exclude`, `--selector`, `--threads`, `--indirect-selection`, with dbt's aliases. */
export function withSelection(parser: Argv<GlobalOptions>): Argv<SelectionOptions> {
  return parser.options({
    select: {
      alias: ['s', 'm', 'models'],
      type: 'string',
      array: true,
      default: [],
      describe: 'Resources: name, folder.name, path:, tag:, source:, +x, x+, @x',
    },
    exclude: { type: 'string', array: true, default: [], describe: 'Resources to leave out, in the same words' },
    selector: { type: 'string', describe: 'A selector of selectors.yml' },
    threads: { type: 'number', describe: 'Nodes built at a time' },
    'indirect-selection': {
      choices: ['eager', 'cautious', 'buildable', 'empty'] as const,
      default: 'eager' as const,
      describe: 'Which tests come with their models',
    },
  }) as unknown as Argv<SelectionOptions>;
}

/** Options of commands that build. */
export interface BuildOptions extends SelectionOptions {
  readonly failFast: boolean;
  readonly fullRefresh: boolean;
}

/** `--fail-fast`. */
export function withFailFast<Options>(parser: Argv<Options>): Argv<Options & { readonly failFast: boolean }> {
  return parser.options({
    'fail-fast': { alias: 'x', type: 'boolean', default: false, describe: 'Stop at the first failure' },
  }) as unknown as Argv<Options & { readonly failFast: boolean }>;
}

/** The selection options, `--fail-fast` and `--full-refresh`. */
export function withBuild(parser: Argv<GlobalOptions>): Argv<BuildOptions> {
  return withFailFast(withSelection(parser)).options({
    'full-refresh': {
      alias: ['f', 'full'],
      type: 'boolean',
      default: false,
      describe: 'Read sources wholly and rebuild models from nothing; history is kept',
    },
  }) as unknown as Argv<BuildOptions>;
}

/** Options of commands that run tests. */
export interface StoreOptions {
  readonly storeFailures: boolean;
}

/** `--store-failures`. */
export function withStoreFailures<Options>(parser: Argv<Options>): Argv<Options & StoreOptions> {
  return parser.options({
    'store-failures': { type: 'boolean', default: false, describe: 'Keep the rows that failing tests find' },
  }) as unknown as Argv<Options & StoreOptions>;
}

/** Options of commands that copy sources. */
export interface CopyOptions {
  readonly incremental: boolean;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly limitRows?: number | undefined;
}

/** `--incremental`, `--start-date`, `--end-date`, `--limit-rows`. */
export function withCopy<Options>(parser: Argv<Options>): Argv<Options & CopyOptions> {
  return parser.options({
    incremental: {
      type: 'boolean',
      default: false,
      describe: 'Copy only what changed; an error where there is nothing to add to',
    },
    'start-date': { type: 'string', describe: 'First day to copy again (YYYY-MM-DD)' },
    'end-date': { type: 'string', describe: 'Last day to copy again (YYYY-MM-DD)' },
    'limit-rows': { type: 'number', describe: 'Copy at most so many rows a table: to try things out' },
  }) as unknown as Argv<Options & CopyOptions>;
}
