import { createHash } from 'node:crypto';
import { flagValues, templateEnvironment, type ParseReads } from '../context/index.js';
import type { Invocation, Project } from '../types/index.js';
import { programIdentity } from './program-identity.js';
import type { ProjectFiles } from './project-files.js';

/** What templates have read beside files, as it is kept with a cached manifest: names, never values. */
export interface KeptReads {
  readonly variables: readonly string[];
  readonly flags: readonly string[];
  readonly hasArguments: boolean;
}

/** The names of what was read, in order. */
export function keptReads(reads: ParseReads): KeptReads {
  return {
    variables: [...reads.variables].sort(),
    flags: [...reads.flags].sort(),
    hasArguments: reads.hasArguments,
  };
}

/** What a parse sees of a project as loaded: all of it but the environment, and what no template may see. */
function visiblePart(project: Project): unknown {
  const { env: _env, sourceConnections, target, ...rest } = project;
  const { password: _password, sessionSettings: _settings, ...connection } = target.connection;
  return { ...rest, target: { ...target, connection }, sources: Object.keys(sourceConnections) };
}

/**
 * One hash of all that a parse depends upon: this build of chemflow, the project as loaded, the files, and the environment variables, flags and arguments
 * that templates have read. Values go into the hash together, so that none of them can be guessed from it by itself.
 */
export function parseFingerprint(
  project: Project,
  invocation: Invocation,
  files: ProjectFiles,
  reads: KeptReads,
): string {
  const hash = createHash('sha256');
  const add = (name: string, content: Buffer | string): void => {
    hash.update(`${name}\0${typeof content} ${content.length}\0`).update(content);
  };
  add('program', programIdentity());
  add('project', JSON.stringify(visiblePart(project)));
  for (const [name, content] of files.contents) add(name, content);
  const visible = templateEnvironment(project);
  for (const name of reads.variables)
    add(`variable ${name}`, JSON.stringify([project.env[name] ?? null, visible[name] ?? null]));
  const flags = flagValues(project, invocation);
  for (const name of reads.flags) add(`flag ${name}`, JSON.stringify(flags[name] ?? null));
  if (reads.hasArguments) add('arguments', JSON.stringify([invocation.flags.which, invocation.flags.args]));
  return hash.digest('base64');
}
