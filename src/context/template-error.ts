import { ChemflowError, didYouMean } from '../error/index.js';
import type { FrameScope } from './scope.js';

/** Runs `work`; an error about an unknown name gets a hint with the nearest name that the scope knows. */
export function withNameHints<T>(scope: FrameScope, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ChemflowError) || error.code !== 'JINJA.UNDEFINED') throw error;
    throw withHint(error, hintFor(error.message, scope));
  }
}

function hintFor(message: string, scope: FrameScope): string | undefined {
  const name = /^'([^']+)' is undefined/.exec(message)?.[1];
  if (name === undefined) return undefined;
  const [first = name, ...rest] = name.split('.');
  if (rest.length > 0) return `there is no package "${first}" here: is it in packages.yml?`;
  return didYouMean(name, scope.names()) ?? `there is no macro or variable "${name}" here`;
}

function withHint(error: ChemflowError, hint: string | undefined): ChemflowError {
  if (hint === undefined) return error;
  return new ChemflowError({
    code: error.code,
    message: error.message,
    hint: error.hint === undefined ? hint : `${hint}\n${error.hint}`,
    place: error.place,
    cause: error.cause,
    exitCode: error.exitCode,
  });
}
