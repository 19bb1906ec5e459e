import { defineConfig } from 'rolldown';

/**
 * chemflow's own modules in a few files: Node takes about a millisecond to find and load each module, and there are some hundreds of them.
 * Packages stay outside; a command's module stays apart, to be loaded when it is called.
 */
export default defineConfig({
  input: { cli: 'src/cli.ts', worker: 'src/compile/worker.ts' },
  platform: 'node',
  // What a module of chemflow's does when it is loaded concerns itself only, so one that nobody needs is left out.
  treeshake: { moduleSideEffects: false },
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
  output: {
    dir: 'dist/bundle',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].chunk.js',
    cleanDir: true,
    sourcemap: true,
  },
});
