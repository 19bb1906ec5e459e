import { ChemflowError } from '../error/index.js';
import type { EventSink, Invocation, Manifest, Project } from '../types/index.js';

/** Reads every file of a project and its packages; throws all errors of the project together. */
export function parseProject(_project: Project, _invocation: Invocation, _sink?: EventSink): Manifest {
  throw new ChemflowError({ code: 'PARSE.UNFINISHED', message: 'The parser is being written.' });
}
