import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { ChemflowError } from '../error/index.js';

/** A file that is being written, counted and hashed on the way. */
export interface OutputFile {
  /** Resolves when the bytes are written, so that who waits for it never runs ahead of the disk. */
  write(bytes: Uint8Array): Promise<void>;
  /** Puts the file on the disk for good and closes it. */
  close(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Closes it without caring for what is in it. */
  abandon(): Promise<void>;
}

/** Creates a file; `shown` is its name in errors. Throws EXPORT.WRITE where the disk refuses. */
export async function createOutputFile(path: string, shown: string): Promise<OutputFile> {
  const handle = await open(path, 'wx').catch((error: unknown) => {
    throw writeError(shown, error);
  });
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    write: async (chunk) => {
      try {
        for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
      } catch (error) {
        throw writeError(shown, error);
      }
      hash.update(chunk);
      bytes += chunk.length;
    },
    close: async () => {
      try {
        await handle.sync();
        await handle.close();
      } catch (error) {
        throw writeError(shown, error);
      }
      return { bytes, sha256: hash.digest('hex') };
    },
    abandon: async () => {
      await handle.close().catch(() => undefined);
    },
  };
}

const reasons: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ENOSPC: { what: 'the disk is full', hint: 'make room, or choose another folder with --out' },
  EDQUOT: { what: 'the disk quota is used up', hint: 'make room, or choose another folder with --out' },
  EFBIG: {
    what: 'the file would be larger than is allowed',
    hint: 'look at `ulimit -f`, or write smaller files with --split',
  },
  EACCES: { what: 'it may not be written', hint: 'choose another folder with --out' },
  EPERM: { what: 'it may not be written', hint: 'choose another folder with --out' },
  EROFS: { what: 'the file system is read-only', hint: 'choose another folder with --out' },
  ENOTDIR: { what: 'a part of its path is a file', hint: 'choose another folder with --out' },
  EEXIST: { what: 'a file stands in its way', hint: 'choose another folder with --out' },
};

/** EXPORT.WRITE: a file that could not be written, and why; what was exported before is untouched. */
export function writeError(shown: string, error: unknown): ChemflowError {
  const code = (error as { code?: string }).code ?? '';
  const reason = reasons[code];
  return new ChemflowError({
    code: 'EXPORT.WRITE',
    message: `${shown} could not be written: ${reason?.what ?? (error instanceof Error ? error.message : String(error))}. What was exported before is untouched.`,
    hint: reason?.hint,
    cause: error,
    exitCode: 1,
  });
}
