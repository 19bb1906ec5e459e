import { resolve } from 'node:path';
import { installProjectPackages } from '../project/index.js';
import type { Command } from './command.js';

/** `chemflow deps`: installs the packages that packages.yml or dependencies.yml names. */
export const depsCommand: Command = {
  options: (parser) => parser,
  run: (options, context) => {
    const installed = installProjectPackages({
      projectDir: resolve(context.io.cwd, options.projectDir ?? '.'),
      env: context.io.env,
    });
    for (const item of installed) context.terminal.err(`installed ${JSON.stringify(item)}`);
    if (installed.length === 0) context.terminal.err('The project names no packages.');
    return Promise.resolve(0);
  },
};
