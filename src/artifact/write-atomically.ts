import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * Writes one of many small files, and only where its text has changed: making and renaming a file costs ten times what reading it does. Not atomic, as
 * these files are for people to read; makes its folder.
 */
export function writeIfChanged(file: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    mkdirSync(dirname(file), { recursive: true });
  }
  writeFileSync(file, text);
}
