// Runs the mutants of the warehouse's SQL: npm run mutate -- [options]. docs/testing.md says what it does.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = `${root}target/mutation/mutate.js`;
const bundle = await rolldown({
  input: `${root}tests/mutation/mutate.ts`,
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
});
await bundle.write({ file, format: 'esm', codeSplitting: false });
await bundle.close();
const { mutate } = await import(pathToFileURL(file).href);
process.exitCode = await mutate(process.argv.slice(2));
