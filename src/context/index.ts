export type {
  ParseNode,
  ParseOutcome,
  TemplateEngine,
  TemplateEngineOptions,
  YamlPlace,
  YamlRenderer,
  YamlRendererOptions,
} from './parse-types.js';
export { createTemplateEngine } from './template-engine.js';
export { createYamlRenderer } from './yaml-renderer.js';
export { scanMacroFile, type MacroFile, type MacroFileContents, type SnapshotBlock } from './scan-macro-file.js';
