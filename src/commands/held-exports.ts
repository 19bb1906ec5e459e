import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { searchExports } from '../export/index.js';
import type { Project } from '../types/index.js';
import type { CommandContext } from './command.js';

/** Tells of each data file of earlier exports whether it holds one of the texts. */
export async function tellExports(
  project: Project,
  texts: readonly string[],
  { terminal }: CommandContext,
): Promise<void> {
  const folders = new Set([...project.root.exports.map(({ out }) => out), 'exports']);
  for (const folder of folders) {
    const path = resolve(project.root.root, folder);
    if (!existsSync(path)) continue;
    for await (const { name, held, problem } of searchExports(path, texts)) {
      const said =
        problem !== undefined
          ? `could not be searched (${problem}); look into it yourself`
          : held
            ? 'holds the person; delete it, and its copies, and export again'
            : 'does not hold the person';
      terminal.out(`  ${folder}/${name}: ${said}`);
    }
  }
}
