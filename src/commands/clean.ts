import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from './command.js';
import { loadCommandProject } from './prepare.js';

/** `chemflow clean`: removes the artifacts and the installed packages of a project, never its data or its embedded server. */
export const cleanCommand: Command = {
  options: (parser) => parser,
  run: async (options, context) => {
    const project = await loadCommandProject(options, context);
    const folders = [project.targetPath, join(project.root.root, 'dbt_packages'), join(project.root.root, 'logs')];
    for (const folder of folders) {
      await rm(folder, { recursive: true, force: true });
      context.terminal.err(`removed ${folder}`);
    }
    return 0;
  },
};
