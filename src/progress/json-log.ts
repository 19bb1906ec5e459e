import { formatError } from '../error/index.js';
import type { Json, RunEvent } from '../types/index.js';

const eventNames: Readonly<Record<RunEvent['kind'], string>> = {
  message: 'Note',
  'extract-start': 'ExtractStart',
  'extract-progress': 'ExtractProgress',
  'extract-end': 'ExtractResult',
  'node-start': 'LogStartLine',
  'node-end': 'LogNodeResult',
  'export-start': 'ExportStart',
  'export-progress': 'ExportProgress',
  'export-end': 'ExportResult',
};

/** What happened in a few words, for those who read the log without its data. */
function sentence(event: Exclude<RunEvent, { kind: 'message' }>): string {
  switch (event.kind) {
    case 'extract-start':
    case 'node-start':
    case 'export-start':
      return `START ${event.label}`;
    case 'extract-progress':
      return `COPY ${event.id}`;
    case 'export-progress':
      return `EXPORT ${event.id}`;
    case 'extract-end':
    case 'node-end':
    case 'export-end':
      return `${event.result.status.toUpperCase()} ${event.label}`;
  }
}

/** An event as one line of JSON in the form of dbt's JSON log: `{info: {name, level, msg, ts, ...}, data: {...}}`. */
export function jsonLine(invocationId: string, event: RunEvent): string {
  const data: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(event)) {
    if (key !== 'kind') data[key] = value;
  }
  const info = {
    name: eventNames[event.kind],
    level: event.kind === 'message' ? event.level : 'info',
    ...(event.kind === 'message' ? { code: event.code ?? '', msg: event.text } : { code: '', msg: sentence(event) }),
    ts: new Date().toISOString(),
    invocation_id: invocationId,
    pid: process.pid,
  };
  return JSON.stringify({ info, data }, (key, value: unknown): Json =>
    key === 'error' && value !== undefined ? formatError(value) : (value as Json),
  );
}
