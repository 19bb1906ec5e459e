import type { PyValue, Scope } from '../jinja/index.js';
import type { Invocation, LogLevel, Project, ResourceId } from '../types/index.js';
import type { MacroLibrary } from './macro-library.js';
import type { ParseReads } from './parse-reads.js';

/** What all templates of one engine share. */
export interface TemplateHost {
  readonly project: Project;
  readonly invocation: Invocation;
  readonly library: MacroLibrary;
  /** The environment as templates may see it: without passwords and the salt. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Notes what templates read beside the project's files, in the parse phase. */
  readonly reads?: ParseReads | undefined;
  /** Receives what templates log, print and warn. */
  readonly say: (level: LogLevel, text: string, code?: string) => void;
}

/** Values that replace what a template would find: what a unit test is rendered with. */
export interface FrameOverrides {
  /** Names of the scope: macros (`is_incremental`, `dbt_utils.star`) and variables. */
  readonly names?: ReadonlyMap<string, PyValue> | undefined;
  readonly vars?: ReadonlyMap<string, PyValue> | undefined;
  readonly envVars?: Readonly<Record<string, string>> | undefined;
  /** Names of the CTEs that ref() and source() give for these ids. */
  readonly relations?: ReadonlyMap<ResourceId, string> | undefined;
}

/** One rendering of one resource's templates: what names mean follows from it. */
export interface Frame {
  readonly host: TemplateHost;
  /** The package whose macros come first. */
  readonly packageName: string;
  /** What is rendered, for messages: a unique id, or null. */
  readonly label: string | null;
  /** Is this the run phase (`execute` true)? */
  readonly execute: boolean;
  readonly overrides: FrameOverrides;
  /** The scope that this frame's templates and macros see. */
  readonly scope: Scope;
}

/** What a name of the context means in a frame; made when it is first looked up. */
export type Member<AnyFrame extends Frame> = (frame: AnyFrame) => PyValue;
/** The names of a context. */
export type Members<AnyFrame extends Frame> = Readonly<Record<string, Member<AnyFrame>>>;
