export { compileTemplate } from './template.js';
export { compileMacro } from './macro.js';
export { scanBlocks } from './blocks.js';
export { builtinMacroFiles, type BuiltinMacroFile } from './builtin-macro-files.js';
export type {
  MacroDefinition,
  Scope,
  StaticDispatch,
  StaticNames,
  Template,
  TemplateSource,
  TopLevelBlock,
} from './template-types.js';
export { PyFloat } from './values/float.js';
export {
  dictOf,
  hostFunction,
  HostObject,
  type Keywords,
  noKeywords,
  PermissiveUndefined,
  type PyCallable,
  PyDict,
  PySet,
  PyTuple,
  type PyValue,
  Returned,
  tuple,
  Undefined,
} from './values/value.js';
export { typeError, undefinedError } from './values/raise.js';
export { typeName } from './values/type-name.js';
export { isTrue } from './values/truth.js';
export { toRepr, toText } from './values/text.js';
export { fromJson, toJson } from './values/json.js';
export { bindArguments } from './values/bind-arguments.js';
export { pythonModules } from './python/modules.js';
export { dateTimeAt, dateTimeOf, PyDate, PyDateTime, PyTime } from './python/date-and-time.js';
export { parseIsoDate, parseIsoDateTime, parseIsoTime } from './python/iso-text.js';
export { PyTimeDelta } from './python/time-delta.js';
export { dumpJson } from './values/dump-json.js';
export { PyGenerator } from './values/generator.js';
export { unrepeatableReads } from './values/unrepeatable.js';
export { orElse } from './values/or-else.js';
