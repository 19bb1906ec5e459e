import pc from 'picocolors';
import { ChemflowError, ChemflowErrors, formatError } from '../error/index.js';
import type { EventSink, LogLevel, RunEvent } from '../types/index.js';
import type { Io } from './io.js';
import { jsonLine } from './json-log.js';
import { createLiveLines } from './live-lines.js';
import { describeEvent, type Colors } from './text-lines.js';

/** How a command speaks: its results to stdout, everything else to stderr. */
export interface Terminal {
  /** Writes a result (data that a pipe may read) to stdout, a newline added. */
  out(text: string): void;
  /** Writes a remark to stderr, a newline added; silent with --quiet. */
  err(text: string): void;
  /** Prints an error with place and hint, or as a JSON line. */
  error(error: unknown): void;
  readonly sink: EventSink;
  readonly colors: Colors;
  /** Clears what is live on the terminal; to be called before the process ends. */
  close(): void;
}

/** How much is said, and in which form. */
export interface TerminalOptions {
  readonly logFormat: 'text' | 'json';
  readonly logLevel: LogLevel;
  readonly quiet: boolean;
  readonly useColors: boolean | undefined;
  readonly invocationId: string;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** The terminal of one command. Colours only on a terminal that has not NO_COLOR set; live lines only there too, plain ones elsewhere. */
export function createTerminal(io: Io, options: TerminalOptions): Terminal {
  const isTerminal = io.stderr.isTTY === true && options.logFormat === 'text';
  const colors = pc.createColors(options.useColors ?? (isTerminal && (io.env['NO_COLOR'] ?? '') === ''));
  const live = isTerminal && !options.quiet ? createLiveLines(io.stderr) : undefined;
  const isShown = (level: LogLevel): boolean =>
    levels.indexOf(level) >= levels.indexOf(options.quiet ? 'error' : options.logLevel);
  const writeError = (text: string): void => {
    live?.clear();
    io.stderr.write(`${text}\n`);
    live?.draw();
  };
  return {
    colors,
    out: (text) => {
      live?.clear();
      io.stdout.write(`${text}\n`);
      live?.draw();
    },
    err: (text) => {
      if (options.logFormat === 'json') {
        if (text !== '') writeError(jsonLine(options.invocationId, { kind: 'message', level: 'info', text }));
      } else if (isShown('info')) writeError(text);
    },
    error: (error) => {
      if (options.logFormat === 'text') {
        writeError(colors.red(formatError(error)));
        return;
      }
      const errors = error instanceof ChemflowErrors ? error.errors : [error];
      for (const one of errors) {
        const code = one instanceof ChemflowError ? one.code : 'BUG';
        writeError(jsonLine(options.invocationId, { kind: 'message', level: 'error', code, text: formatError(one) }));
      }
    },
    sink: (event: RunEvent) => {
      if (options.logFormat === 'json') {
        if (event.kind !== 'message' || isShown(event.level)) writeError(jsonLine(options.invocationId, event));
        return;
      }
      live?.update(event, colors);
      const described = describeEvent(event, colors);
      if (described !== undefined && isShown(described.level)) writeError(described.text);
    },
    close: () => live?.close(),
  };
}
