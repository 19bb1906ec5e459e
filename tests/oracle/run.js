// Runs the oracle by hand: node tests/oracle/run.js [project folder]. See README.md.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
// Two folders deep and with a package.json, so that packages are found and the compiled files are modules.
const outDir = path.join(root, 'node_modules', '.cache', `chemflow-oracle-${process.pid}`);
mkdirSync(outDir, { recursive: true });
cpSync(path.join(root, 'package.json'), path.join(outDir, 'package.json'));
cpSync(path.join(root, 'seeds'), path.join(outDir, 'seeds'), { recursive: true });
const options =
  '--target ES2023 --module NodeNext --moduleResolution NodeNext --types node --skipLibCheck --strict --rootDir';
const compiled = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['--ignoreConfig', path.join(root, 'tests', 'oracle', 'by-hand.ts')],
    ...[...options.split(' '), root, '--outDir', outDir],
  ],
  { cwd: root, encoding: 'utf8' },
);
try {
  // The compiler also writes where it finds errors of types, which are of no interest here.
  const { checkByHand } = await import(pathToFileURL(path.join(outDir, 'tests', 'oracle', 'by-hand.js')).href);
  const differences = await checkByHand(path.resolve(process.argv[2] ?? root), process.env, (text) => {
    console.log(text);
  });
  process.exitCode = differences === 0 ? 0 : 1;
} catch (error) {
  console.error(compiled.stdout, error);
  process.exitCode = 2;
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
