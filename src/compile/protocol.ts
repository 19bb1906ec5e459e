import type { MessagePort } from 'node:worker_threads';
import type { RelationChange } from '../context/index.js';
import type {
  CompiledResource,
  Invocation,
  LogLevel,
  MacroValue,
  Project,
  QueryResult,
  Relation,
  ResourceId,
  UnitTestFixture,
  UnitTestOverrides,
} from '../types/index.js';
import type { ErrorData } from './error-data.js';

/** What a worker thread is made with: the line to the main thread. */
export interface WorkerLine {
  /** Set to 1 and notified when an answer lies in the port. */
  readonly signal: Int32Array<SharedArrayBuffer>;
  readonly answers: MessagePort;
}

/** The first message to a worker: what it renders; nothing in it is secret. */
export interface WorkerStart {
  readonly project: Project;
  /** A TemplateManifest as JSON: a worker that has just started parses that in less than half of the time that it takes to rebuild cloned objects. */
  readonly manifest: string;
  readonly invocation: Invocation;
  readonly selected: readonly ResourceId[];
}

/** A piece of work for a worker. */
export type Task =
  | { readonly kind: 'compile'; readonly id: ResourceId }
  | {
      readonly kind: 'macro';
      readonly id: ResourceId;
      readonly name: string;
      readonly args: readonly MacroValue[];
      readonly keywords: Readonly<Record<string, MacroValue>>;
      readonly compiledSql: string | null;
    }
  | {
      readonly kind: 'text';
      readonly id: ResourceId;
      readonly text: string;
      readonly variables: Readonly<Record<string, MacroValue>>;
      readonly compiledSql: string | null;
    }
  | {
      readonly kind: 'unit-test';
      /** The model. */
      readonly id: ResourceId;
      readonly overrides: UnitTestOverrides | null;
      readonly fixtures: readonly UnitTestFixture[];
    }
  | {
      readonly kind: 'materialization';
      readonly id: ResourceId;
      readonly macroId: string;
      readonly compiledSql: string | null;
    };

/** What a task resolves to. */
export type TaskValue = CompiledResource | MacroValue | readonly Relation[];

/** A question that a template waits for. */
export type Question =
  | { readonly kind: 'query'; readonly sql: string; readonly fetch: boolean }
  | { readonly kind: 'relations'; readonly database: string; readonly schema: string };

/** The answer to a question. */
export type Answer =
  | { readonly kind: 'result'; readonly result: QueryResult }
  | { readonly kind: 'relations'; readonly relations: readonly Relation[] }
  | { readonly kind: 'error'; readonly error: ErrorData };

/** What a worker tells the main thread. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly value: TaskValue }
  | { readonly kind: 'failed'; readonly error: ErrorData }
  | { readonly kind: 'say'; readonly level: LogLevel; readonly text: string; readonly code: string | undefined }
  | { readonly kind: 'changed'; readonly change: RelationChange }
  | { readonly kind: 'ask'; readonly question: Question };
