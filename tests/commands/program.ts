import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli.js';
import type { ConnectionSettings } from '../../src/types/index.js';

/** How a call of the program ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project in a temporary folder, and the program called in it. */
export interface ProjectFolder {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  call(
    args: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly env?: Record<string, string> },
  ): Promise<Ended>;
  remove(): void;
}

/** Connection variables of a prefix. */
export function variables(prefix: string, settings: ConnectionSettings): Record<string, string> {
  return {
    [`${prefix}_HOST`]: settings.host,
    [`${prefix}_PORT`]: String(settings.port),
    [`${prefix}_USER`]: settings.user,
    [`${prefix}_PASSWORD`]: settings.password ?? '',
    [`${prefix}_NAME`]: settings.database,
  };
}

/** A temporary project with these files; `env` is the whole environment of each call. */
export function openProjectFolder(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): ProjectFolder {
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-program-'));
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write(files);
  return {
    folder,
    write,
    call: async (args, options = {}) => {
      let stdout = '';
      let stderr = '';
      const exitCode = await main(args, {
        stdout: { write: (text) => ((stdout += text), true) },
        stderr: { write: (text) => ((stderr += text), true) },
        env: { ...env, ...options.env },
        cwd: folder,
        signal: options.signal ?? new AbortController().signal,
      });
      return { exitCode, stdout, stderr };
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
