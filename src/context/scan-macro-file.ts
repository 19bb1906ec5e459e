import { ChemflowError } from '../error/index.js';
import type { DocsBlock, Macro } from '../types/index.js';

/** A file of macro-paths, test-paths, snapshot-paths or docs-paths. */
export interface MacroFile {
  readonly text: string;
  /** Path relative to the package's root. */
  readonly file: string;
  readonly packageName: string;
  /** Path relative to its resource folder. */
  readonly path: string;
  /** The file as shown in errors; `file` unless told. */
  readonly shownFile?: string | undefined;
}

/** A `{% snapshot name %}` block; `contents` is the text inside, which begins at `contentsLine` of the file. */
export interface SnapshotBlock {
  readonly name: string;
  readonly contents: string;
  readonly contentsLine: number;
  readonly line: number;
}

/** The blocks of a file; generic tests are macros with the prefix `test_`, materializations too. */
export interface MacroFileContents {
  readonly macros: readonly Macro[];
  readonly docs: readonly DocsBlock[];
  readonly snapshots: readonly SnapshotBlock[];
}

/** Finds the top-level blocks of a file without rendering it. */
export function scanMacroFile(_input: MacroFile): MacroFileContents {
  throw new ChemflowError({ code: 'TEMPLATE.UNFINISHED', message: 'The scanner is being written.' });
}
