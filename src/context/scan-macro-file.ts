import { scanBlocks, type TopLevelBlock } from '../jinja/index.js';
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

/** A `{% snapshot name %}` block; `contents` is the text inside, which begins on `contentsLine` of the file. */
export interface SnapshotBlock {
  readonly name: string;
  readonly contents: string;
  readonly contentsLine: number;
  readonly line: number;
}

/** The blocks of a file; generic tests are macros with the prefix `test_`, materializations are macros too. */
export interface MacroFileContents {
  readonly macros: readonly Macro[];
  readonly docs: readonly DocsBlock[];
  readonly snapshots: readonly SnapshotBlock[];
}

/** dbt's name of the macro that a block defines. */
function macroName(block: TopLevelBlock): string {
  if (block.kind === 'test') return `test_${block.name}`;
  if (block.kind !== 'materialization') return block.name;
  const adapter = /\badapter\s*=\s*['"](\w+)['"]/.exec(block.header)?.[1] ?? 'default';
  return `materialization_${block.name}_${adapter}`;
}

function supportedLanguages(block: TopLevelBlock): readonly string[] | null {
  if (block.kind !== 'materialization') return null;
  const list = /\bsupported_languages\s*=\s*\[([^\]]*)\]/.exec(block.header)?.[1];
  return list === undefined ? ['sql'] : Array.from(list.matchAll(/['"](\w+)['"]/g), (match) => match[1] ?? '');
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1;
}

/** Finds the top-level blocks of a file without rendering it; JINJA.SYNTAX for one that does not end. */
export function scanMacroFile(input: MacroFile): MacroFileContents {
  const blocks = scanBlocks({ text: input.text, file: input.shownFile ?? input.file });
  const place = { package_name: input.packageName, path: input.path, original_file_path: input.file };
  const macros: Macro[] = [];
  const docs: DocsBlock[] = [];
  const snapshots: SnapshotBlock[] = [];
  for (const block of blocks) {
    if (block.kind === 'docs') {
      docs.push({
        ...place,
        unique_id: `doc.${input.packageName}.${block.name}`,
        name: block.name,
        block_contents: block.contents.trim(),
      });
    } else if (block.kind === 'snapshot') {
      const opening = block.text.slice(0, block.text.indexOf(block.contents, block.text.indexOf('%}')));
      snapshots.push({
        name: block.name,
        contents: block.contents,
        contentsLine: block.line + lineBreaks(opening),
        line: block.line,
      });
    } else {
      const name = macroName(block);
      macros.push({
        ...place,
        unique_id: `macro.${input.packageName}.${name}`,
        resource_type: 'macro',
        name,
        macro_sql: block.text,
        depends_on: { macros: [] },
        description: '',
        meta: {},
        arguments: [],
        supported_languages: supportedLanguages(block),
        line: block.line,
        offset: block.offset,
        created_at: 0,
      });
    }
  }
  return { macros, docs, snapshots };
}
