import { spawn } from 'node:child_process';

/** How a program ended: its exit code (null after a signal) and all that it printed. */
export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
}

/**
 * The environment of PostgreSQL's programs: nothing of the user's, since PGPORT, PGDATA, PGOPTIONS, PGSSLMODE, LC_ALL, TZ and more would change what they do.
 * Messages are in English because the reasons of a failed start are read from them.
 */
export const CLEAN_ENVIRONMENT: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Runs a program to its end. Rejects only where it cannot be started. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly uid?: number; readonly gid?: number },
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, env: CLEAN_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
