import type { RunEvent } from '../types/index.js';
import type { OutputStream } from './io.js';
import { formatBytes, formatCount, formatDuration } from './numbers.js';
import type { Colors } from './text-lines.js';

/** What is under way, redrawn at the foot of the terminal. */
export interface LiveLines {
  update(event: RunEvent, colors: Colors): void;
  clear(): void;
  draw(): void;
  close(): void;
}

interface Line {
  readonly label: string;
  readonly since: number;
  readonly detail: string;
}

/** Lines that show each copy and each node under way, redrawn four times a second at most. */
export function createLiveLines(stream: OutputStream): LiveLines {
  const lines = new Map<string, Line>();
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    clear();
    const width = Math.max(20, (stream.columns ?? 80) - 1);
    const texts = [...lines.values()].slice(0, 8).map((line) => {
      const text = `  ${line.label}  ${line.detail}${formatDuration(Date.now() - line.since)}`;
      return text.slice(0, width);
    });
    if (texts.length === 0) return;
    stream.write(`${texts.join('\n')}\n`);
    drawn = texts.length;
  };
  const timer = setInterval(draw, 250);
  timer.unref();
  return {
    clear,
    draw,
    update: (event) => {
      switch (event.kind) {
        case 'extract-start':
        case 'node-start':
        case 'export-start':
          lines.set(event.id, { label: event.label, since: Date.now(), detail: '' });
          break;
        case 'extract-progress':
        case 'export-progress': {
          const line = lines.get(event.id);
          if (line === undefined) break;
          const seconds = Math.max(0.001, (Date.now() - line.since) / 1000);
          const detail = `${formatCount(event.rows)} rows  ${formatBytes(event.bytes)}  ${formatCount(event.rows / seconds)} rows/s  `;
          lines.set(event.id, { ...line, detail });
          break;
        }
        case 'extract-end':
        case 'node-end':
        case 'export-end':
          lines.delete(event.id);
          break;
        case 'message':
          break;
      }
    },
    close: () => {
      clearInterval(timer);
      lines.clear();
      clear();
    },
  };
}
