import type { ResourceId } from './resource.js';
import type { ExportResult, ExtractResult, RunResult } from './result.js';

/** What happens during a command, told to progress/ and to the JSON log as it happens. */
export type RunEvent =
  | { readonly kind: 'message'; readonly level: LogLevel; readonly text: string; readonly code?: string | undefined }
  | {
      readonly kind: 'extract-start';
      readonly id: ResourceId;
      readonly label: string;
      readonly estimatedRows?: number | undefined;
    }
  | { readonly kind: 'extract-progress'; readonly id: ResourceId; readonly rows: number; readonly bytes: number }
  | { readonly kind: 'extract-end'; readonly id: ResourceId; readonly label: string; readonly result: ExtractResult }
  | {
      readonly kind: 'node-start';
      readonly id: ResourceId;
      readonly label: string;
      readonly index: number;
      readonly total: number;
    }
  | {
      readonly kind: 'node-end';
      readonly id: ResourceId;
      readonly label: string;
      readonly index: number;
      readonly total: number;
      readonly result: RunResult;
    }
  | { readonly kind: 'export-start'; readonly id: ResourceId; readonly label: string }
  | { readonly kind: 'export-progress'; readonly id: ResourceId; readonly rows: number; readonly bytes: number }
  | { readonly kind: 'export-end'; readonly id: ResourceId; readonly label: string; readonly result: ExportResult };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Receives events; must not throw. */
export type EventSink = (event: RunEvent) => void;
