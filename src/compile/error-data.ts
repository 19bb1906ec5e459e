import { ChemflowError, ChemflowErrors, type Place } from '../error/index.js';

/** An error on its way between threads, where classes are lost. */
export type ErrorData =
  | {
      readonly kind: 'chemflow';
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
      readonly place: Place | undefined;
      readonly exitCode: 1 | 2;
      readonly cause: ErrorData | undefined;
    }
  | { readonly kind: 'several'; readonly errors: readonly ErrorData[] }
  | { readonly kind: 'bug'; readonly name: string; readonly message: string; readonly stack: string | undefined };

/** An error as plain data. */
export function errorData(error: unknown): ErrorData {
  if (error instanceof ChemflowErrors) return { kind: 'several', errors: error.errors.map(errorData) };
  if (error instanceof ChemflowError) {
    const { code, message, hint, place, exitCode, cause } = error;
    return {
      kind: 'chemflow',
      code,
      message,
      hint,
      place,
      exitCode,
      cause: cause === undefined ? undefined : errorData(cause),
    };
  }
  if (error instanceof Error) return { kind: 'bug', name: error.name, message: error.message, stack: error.stack };
  return { kind: 'bug', name: 'Error', message: String(error), stack: undefined };
}

/** The error of plain data; `files` gives the whole text of a file for the excerpt. */
export function errorOf(data: ErrorData, files: Readonly<Record<string, string>> = {}): Error {
  if (data.kind === 'several')
    return new ChemflowErrors(
      data.errors.map((one) => errorOf(one, files)).filter((one) => one instanceof ChemflowError),
    );
  if (data.kind === 'bug') {
    const error = new Error(data.message);
    error.name = data.name;
    if (data.stack !== undefined) error.stack = data.stack;
    return error;
  }
  const { place } = data;
  const text = place === undefined ? undefined : (files[place.file] ?? place.text);
  return new ChemflowError({
    code: data.code,
    message: data.message,
    hint: data.hint,
    place: place === undefined ? undefined : { ...place, text },
    exitCode: data.exitCode,
    cause: data.cause === undefined ? undefined : errorOf(data.cause, files),
  });
}
