/** What the templates of a project have read while they were parsed, beside its files: where none of it has changed, neither has what was parsed. */
export interface ParseReads {
  /** Names of environment variables, set or not. */
  readonly variables: Set<string>;
  /** Names of flags, in upper case. */
  readonly flags: Set<string>;
  /** The arguments of the invocation as a whole (`invocation_args_dict`). */
  hasArguments: boolean;
  /** Something that is different each time: the run's start or id, the clock, chance. */
  isOfTheMoment: boolean;
}

/** Reads of nothing yet. */
export function createParseReads(): ParseReads {
  return { variables: new Set(), flags: new Set(), hasArguments: false, isOfTheMoment: false };
}
