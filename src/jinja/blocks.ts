import type { TemplateSource, TopLevelBlock } from './template-types.js';

/** The blocks of a macro, docs or snapshot file in order, found without parsing what they hold; JINJA.SYNTAX for one that does not end. */
export function scanBlocks(source: TemplateSource): TopLevelBlock[] {
  throw new Error(`not written yet: ${source.file}`);
}
