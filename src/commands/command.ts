import type { Argv } from 'yargs';
import type { Io, Terminal } from '../progress/index.js';

/** 0 well, 1 finished with failures, 2 could not do its job, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Options of every command. */
export interface GlobalOptions {
  readonly projectDir?: string | undefined;
  readonly profilesDir?: string | undefined;
  readonly profile?: string | undefined;
  readonly target?: string | undefined;
  readonly vars?: string | undefined;
  readonly targetPath?: string | undefined;
  readonly partialParse?: boolean | undefined;
  readonly logFormat: 'text' | 'json';
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | undefined;
  readonly debug?: boolean | undefined;
  readonly quiet: boolean;
  readonly useColors?: boolean | undefined;
}

/** The world of one invocation of a command. */
export interface CommandContext {
  readonly io: Io;
  readonly terminal: Terminal;
  readonly invocationId: string;
}

/** A command: its options for yargs, and its work. */
export interface Command<Options extends GlobalOptions = GlobalOptions> {
  options(parser: Argv<GlobalOptions>): Argv<Options>;
  run(options: Options, context: CommandContext): Promise<ExitCode>;
}
