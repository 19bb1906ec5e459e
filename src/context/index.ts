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
export { createParseReads, type ParseReads } from './parse-reads.js';
export { flagValues } from './flag-values.js';
export { createYamlRenderer } from './yaml-renderer.js';
export { scanMacroFile, type MacroFile, type MacroFileContents, type SnapshotBlock } from './scan-macro-file.js';
export { builtinPackages, shownFile } from './shown-file.js';
export { templateEnvironment } from './template-environment.js';
export {
  createRunEngine,
  type RenderedResource,
  type RunEngine,
  type RunEngineOptions,
  type RunRequest,
} from './run-engine.js';
export type { RelationChange, RunNode, SyncDatabase } from './run-frame.js';
export type { TemplateManifest } from './manifest-index.js';
export type { FrameOverrides } from './frame.js';
export { RelationObject } from './relation-object.js';
export { cteRelation, relationObject } from './relation-members.js';
export { ColumnObject } from './column-object.js';
export { TableObject } from './table-object.js';
export { withBuiltinMacros } from './builtin-macros.js';
