import { relative } from 'node:path';
import { writeManifest } from '../artifact/index.js';
import type { Command } from './command.js';
import { prepare } from './prepare.js';

/** `chemflow parse`: reads the whole project, reports every error, and writes target/manifest.json; connects to nothing. */
export const parseCommand: Command = {
  options: (parser) => parser,
  run: async (options, context) => {
    const { project, manifest, invocation } = await prepare(options, context, 'parse');
    const path = writeManifest({ project, manifest, invocation });
    const count = Object.keys(manifest.nodes).length + Object.keys(manifest.sources).length;
    context.terminal.err(`${count} resources, ${relative(context.io.cwd, path)} written.`);
    return 0;
  },
};
