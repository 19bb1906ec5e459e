#!/usr/bin/env node
// No syntax newer than import() here: what this file says about old versions of Node has to be understood by them.
import { existsSync } from 'fs';
import { fileURLToPath } from 'url';

const OLDEST = [20, 19];
// The bundle starts faster; what tsc alone has built does as well.
const bundle = new URL('../dist/bundle/cli.js', import.meta.url);
const entry = new URL('../dist/cli.js', import.meta.url);

/** Says why chemflow cannot start, and ends with the code for "could not do its job". */
function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** Builds dist/, which `npm ci --ignore-scripts` leaves out, with the compiler that is installed beside chemflow. */
async function build() {
  const { spawnSync } = await import('child_process');
  const { createRequire } = await import('module');
  let compiler;
  try {
    compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    refuse('chemflow is not built: run "npm ci && npm run build" in its folder.');
  }
  console.error('chemflow is not built yet: building it, once ...');
  spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 2, 2],
  });
  if (!existsSync(entry)) refuse('The build failed: run "npm run build" in its folder to see why.');
}

async function start() {
  if (!existsSync(entry)) await build();
  const { main } = await import(existsSync(bundle) ? bundle.href : entry.href);
  process.exitCode = await main(process.argv.slice(2));
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  refuse('chemflow needs Node ' + OLDEST.join('.') + ' or newer; this is Node ' + process.versions.node + '.');
}
start();
