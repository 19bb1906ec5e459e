import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
  const bytes = Buffer.from(text);
  let before: Buffer;
  try {
    before = readFileSync(file);
  } catch {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return;
  }
  if (before.equals(bytes)) return;
  // Written over and then shortened: emptying a file first makes some file systems write it to the disk at once.
  const descriptor = openSync(file, 'r+');
  try {
    writeFileSync(descriptor, bytes);
    if (bytes.length < before.length) ftruncateSync(descriptor, bytes.length);
  } finally {
    closeSync(descriptor);
  }
}
