import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

let counter = 0;

/** Writes a file so that a reader sees the old text or the new one and nothing between; makes its folders. */
export function writeAtomically(file: string, text: string): void {
  counter += 1;
  const beside = `${file}.${process.pid}.${counter}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(beside, text);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
