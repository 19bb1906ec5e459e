import { relative } from 'node:path';
import type { Argv } from 'yargs';
import { writeCompiled, writeManifest } from '../artifact/index.js';
import { ChemflowError, throwAll } from '../error/index.js';
import type { ResourceId } from '../types/index.js';
import type { Command, GlobalOptions } from './command.js';
import { withInlineNode } from './inline-node.js';
import { openRenderer } from './open-renderer.js';
import { watchPersonalData } from './personal-data-watch.js';
import { prepare, select, type Prepared } from './prepare.js';
import { withBuild, type BuildOptions } from './selection-options.js';

interface CompileOptions extends BuildOptions {
  readonly inline?: string | undefined;
  readonly output: 'text' | 'json';
}

/** `chemflow compile`: renders resources to target/compiled; prints the SQL of what --select or --inline names. All templates that fail are reported. */
export const compileCommand: Command<CompileOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    withBuild(parser).options({
      inline: { type: 'string', describe: 'Render this SQL instead of a resource' },
      output: { choices: ['text', 'json'] as const, default: 'text' as const, describe: 'Form of what is printed' },
    }) as unknown as Argv<CompileOptions>,
  run: async (options, context) => {
    let prepared: Prepared = await prepare(options, context, 'compile', { fullRefresh: options.fullRefresh });
    let inlineId: ResourceId | undefined;
    if (options.inline !== undefined) {
      const inline = withInlineNode(prepared.manifest, prepared.project, options.inline);
      prepared = { ...prepared, manifest: inline.manifest };
      inlineId = inline.id;
    }
    const { manifest, project } = prepared;
    const chosen: readonly ResourceId[] =
      inlineId === undefined
        ? select(prepared, options, context, ['model', 'snapshot', 'test', 'analysis'])
        : [inlineId];
    const opened = await openRenderer(prepared, chosen, context);
    const compiled = new Map<ResourceId, string>();
    const errors: ChemflowError[] = [];
    try {
      await Promise.all(
        chosen.map(async (id) => {
          const node = manifest.nodes[id];
          if (node === undefined) return;
          try {
            const { sql } = await opened.renderer.compile(id);
            compiled.set(id, sql);
            if (id !== inlineId) writeCompiled(project, node, sql);
          } catch (error) {
            if (!(error instanceof ChemflowError)) throw error;
            errors.push(error);
          }
        }),
      );
      if (errors.length === 0 && inlineId === undefined) {
        const watch = await watchPersonalData(prepared, () => ({
          compile: async (id) => compiled.get(id) ?? (await opened.renderer.compile(id)).sql,
          close: () => Promise.resolve(),
        }));
        await watch?.check(chosen);
        await watch?.write();
      }
    } finally {
      await opened.close();
    }
    throwAll(errors);
    if (inlineId === undefined) writeManifest({ project, manifest, invocation: prepared.invocation, compiled });
    if (inlineId === undefined && options.select.length === 0) {
      context.terminal.err(
        `${compiled.size} resources compiled to ${relative(context.io.cwd, project.targetPath)}/compiled.`,
      );
      return 0;
    }
    for (const id of chosen) {
      const sql = compiled.get(id);
      if (sql === undefined) continue;
      const name = manifest.nodes[id]?.name ?? id;
      if (options.output === 'json') context.terminal.out(JSON.stringify({ node: name, compiled: sql }));
      else context.terminal.out(compiled.size > 1 ? `-- ${name}\n${sql.trim()}\n` : sql.trim());
    }
    return 0;
  },
};
