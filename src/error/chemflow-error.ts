import type { Place } from './place.js';

/** What a {@link ChemflowError} is made of; `code` is dotted and stable (`PARSE.UNKNOWN_REF`). */
export interface ErrorDetails {
  readonly code: string;
  /** One sentence that says what is wrong. */
  readonly message: string;
  /** What to type or change next. */
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  readonly cause?: unknown;
  /** Exit code of the command that ends with this error; 2 (could not do its job) unless told. */
  readonly exitCode?: 1 | 2 | undefined;
}

/** An error that a user can act on: a dotted code, a sentence, a place and a hint. Anything else that is thrown is a bug of chemflow. */
export class ChemflowError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly place: Place | undefined;
  readonly exitCode: 1 | 2;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ChemflowError';
    this.code = details.code;
    this.hint = details.hint;
    this.place = details.place;
    this.exitCode = details.exitCode ?? 2;
  }

  /** The same error at a place, unless it has one already. */
  at(place: Place): ChemflowError {
    if (this.place !== undefined) return this;
    return new ChemflowError({
      code: this.code,
      message: this.message,
      hint: this.hint,
      place,
      cause: this.cause,
      exitCode: this.exitCode,
    });
  }
}

/** Several errors found in one pass, to be printed together. */
export class ChemflowErrors extends Error {
  readonly errors: readonly ChemflowError[];

  constructor(errors: readonly ChemflowError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.name = 'ChemflowErrors';
    this.errors = errors;
  }
}

/** Throws nothing for no errors, the error itself for one, all together for more. */
export function throwAll(errors: readonly ChemflowError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw errors.length === 1 ? first : new ChemflowErrors(errors);
}
