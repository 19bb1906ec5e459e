export type {
  BuildContext,
  BuildOutcome,
  Materialization,
  NamedIndex,
  Publication,
  Publisher,
  PublishRequest,
  StatementOutcome,
} from './types.js';
export { customMaterialization, materializationName } from './custom-materialization.js';
export { materializations } from './materializations.js';
export { createMacroTexts, type MacroTexts, type MacroTextsFor } from './macro-texts.js';
export {
  buildIndexName,
  buildRelation,
  isBuildName,
  relationOf,
  renderRelation,
  temporaryRelation,
} from './relation-names.js';
export { statementTag } from './table.js';
export { columnsOf } from './describe-query.js';
export { runJinjaMaterialization } from './jinja-materialization.js';
