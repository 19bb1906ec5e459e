import type pc from 'picocolors';
import type { LogLevel, RunEvent, RunStatus } from '../types/index.js';
import { formatBytes, formatCount, formatDuration } from './numbers.js';

/** picocolors' set of functions, on or off. */
export type Colors = ReturnType<typeof pc.createColors>;

const width = 62;

/** `label ......... ` as dbt's lines. */
function dotted(label: string): string {
  return label.length >= width ? label : `${label} ${'.'.repeat(width - label.length)}`;
}

const shown: Readonly<Record<RunStatus, { readonly word: string; readonly color: 'green' | 'red' | 'yellow' }>> = {
  success: { word: 'OK', color: 'green' },
  pass: { word: 'PASS', color: 'green' },
  'no-op': { word: 'NO-OP', color: 'yellow' },
  warn: { word: 'WARN', color: 'yellow' },
  skipped: { word: 'SKIP', color: 'yellow' },
  fail: { word: 'FAIL', color: 'red' },
  error: { word: 'ERROR', color: 'red' },
  'runtime error': { word: 'ERROR', color: 'red' },
  'partial success': { word: 'PARTIAL', color: 'yellow' },
};

/** The plain line of an event, or undefined where it has none. */
export function describeEvent(
  event: RunEvent,
  colors: Colors,
): { readonly level: LogLevel; readonly text: string } | undefined {
  switch (event.kind) {
    case 'message':
      return {
        level: event.level,
        text: event.level === 'warn' ? `${colors.yellow('warning:')} ${event.text}` : event.text,
      };
    case 'extract-start':
    case 'extract-progress':
    case 'export-start':
    case 'export-progress':
      return undefined;
    case 'extract-end': {
      const { result } = event;
      const milliseconds = result.endedAt.getTime() - result.startedAt.getTime();
      if (result.status === 'success') {
        const rate = milliseconds > 0 ? `, ${formatCount(result.rows / (milliseconds / 1000))} rows/s` : '';
        const deleted = result.deletedRows > 0 ? `, ${formatCount(result.deletedRows)} gone at the source` : '';
        return {
          level: 'info',
          text: `${dotted(event.label)} [${colors.green('COPY')} ${formatCount(result.rows)} rows, ${formatBytes(result.bytes)}${rate}${deleted} in ${formatDuration(milliseconds)}]`,
        };
      }
      const word = result.status === 'error' ? colors.red('ERROR') : colors.yellow('SKIP');
      return {
        level: result.status === 'error' ? 'error' : 'info',
        text: `${dotted(event.label)} [${word} in ${formatDuration(milliseconds)}]`,
      };
    }
    case 'export-end': {
      const { result } = event;
      const took = formatDuration(result.endedAt.getTime() - result.startedAt.getTime());
      if (result.status === 'error')
        return { level: 'error', text: `${dotted(event.label)} [${colors.red('ERROR')} in ${took}]` };
      const files = result.files === 1 ? '' : ` in ${result.files} files`;
      return {
        level: 'info',
        text: `${dotted(event.label)} [${colors.green('EXPORT')} ${formatCount(result.rows)} rows, ${formatBytes(result.bytes)}${files} in ${took}]`,
      };
    }
    case 'node-start':
      return { level: 'debug', text: `${position(event)} START ${event.label}` };
    case 'node-end': {
      const { result } = event;
      const style = shown[result.status];
      const milliseconds = result.endedAt.getTime() - result.startedAt.getTime();
      const detail =
        result.status === 'success' && result.message !== null
          ? ` ${result.message}`
          : result.failures !== null && (result.status === 'fail' || result.status === 'warn')
            ? ` ${formatCount(result.failures)}`
            : '';
      const text = `${position(event)} ${dotted(event.label)} [${colors[style.color](`${style.word}${detail}`)} in ${formatDuration(milliseconds)}]`;
      return {
        level: style.color === 'red' ? 'error' : style.color === 'yellow' && result.status === 'warn' ? 'warn' : 'info',
        text,
      };
    }
  }
}

function position(event: { readonly index: number; readonly total: number }): string {
  return `${String(event.index).padStart(String(event.total).length)} of ${event.total}`;
}
