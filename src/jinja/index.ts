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
export {
  HostObject,
  hostFunction,
  noKeywords,
  PermissiveUndefined,
  Returned,
  Undefined,
  type Keywords,
  type PyCallable,
  type PyValue,
} from './values/value.js';
export { PyFloat } from './values/float.js';
export { PyTuple, tuple } from './values/tuple.js';
export { PyDict, dictOf } from './values/dict.js';
export { PySet } from './values/set.js';
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
export { orElse } from './values/or-else.js';
