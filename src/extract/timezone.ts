import type { Json, Project } from '../types/index.js';

/** The `timezone` var: from the command line, the project's own vars, or UTC. */
export function timezoneOf(project: Project): string {
  const { vars, name } = project.root;
  const own = vars[name];
  const candidates: (Json | undefined)[] = [
    project.cliVars['timezone'],
    typeof own === 'object' && own !== null && !Array.isArray(own)
      ? (own as Record<string, Json>)['timezone']
      : undefined,
    vars['timezone'],
  ];
  return candidates.find((value): value is string => typeof value === 'string' && value !== '') ?? 'UTC';
}
