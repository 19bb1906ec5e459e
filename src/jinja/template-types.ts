import type { PyCallable, PyValue, Undefined } from './values/value.js';

/** A text to compile, and where it stands. */
export interface TemplateSource {
  readonly text: string;
  /** The file as shown to the user. */
  readonly file: string;
  /** Line of the file (from 1) on which the text's first character stands; 1 unless told. */
  readonly line?: number | undefined;
  /** The whole file, for the excerpt under an error; the text itself unless told. */
  readonly fileText?: string | undefined;
}

/** The globals of a template: what a name means that the template does not set itself. */
export interface Scope {
  /** The value, or undefined where the name is unknown (the dialect's own globals, as `range`, come after). */
  lookup(name: string): PyValue | undefined;
  /** What unknown names, attributes and items are; a strict Undefined unless told. `message` is the sentence that its use raises. */
  missing?(name: string | null, message: string): Undefined;
}

/** A name and a package of `adapter.dispatch('name', 'package')` where both are written as constants. */
export type StaticDispatch = readonly [name: string, macroNamespace: string | null];

/** What can be known of a template without rendering it. */
export interface StaticNames {
  /** Free names that it looks up; attribute chains are dotted (`dbt_utils.star`, `ref`). */
  readonly names: ReadonlySet<string>;
  /** The dispatches with constant arguments. */
  readonly dispatches: readonly StaticDispatch[];
}

/** A compiled template; it may be rendered any number of times. */
export interface Template extends StaticNames {
  /** The text; ChemflowError with the place of the innermost tag where it fails. */
  render(scope: Scope): string;
  /** The value of a template that is one expression; else the text, read as a Python literal where it is one. */
  renderNative(scope: Scope): PyValue;
}

/** A block at the top level of a macro, docs or snapshot file. */
export interface TopLevelBlock {
  readonly kind: 'macro' | 'materialization' | 'test' | 'snapshot' | 'docs';
  /** The name as written, without prefix. */
  readonly name: string;
  /** The whole block, from its opening to its closing tag. */
  readonly text: string;
  /** What stands between the two tags. */
  readonly contents: string;
  /** Offset (from 0) and line (from 1) of the opening tag in the file. */
  readonly offset: number;
  readonly line: number;
  /** What the opening tag says after the name: `(model, column_name)`, `, adapter='postgres'`. */
  readonly header: string;
}

/** A compiled `{% macro %}`, `{% test %}` or `{% materialization %}` block. */
export interface MacroDefinition extends StaticNames {
  /** dbt's name: `x`, `test_x`, `materialization_x_default`. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** What a materialization says of `supported_languages`; null for other blocks. */
  readonly supportedLanguages: readonly string[] | null;
  /** The macro as a callable that looks its names up in this scope; cheap. */
  bind(scope: Scope): PyCallable;
}
