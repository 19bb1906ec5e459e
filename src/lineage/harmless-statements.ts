import { byteOf } from './expression-value.js';
import {
  catalogName,
  isTree,
  listOf,
  partOf,
  stringsOf,
  textOf,
  unwrap,
  type SqlNode,
  type SqlTree,
} from './parse-sql.js';
import { pureFunctions } from './pure-functions.js';

/** Statements that move no values from one relation to another. */
const harmless = new Set([
  'AlterDefaultPrivilegesStmt',
  'AlterRoleSetStmt',
  'AlterRoleStmt',
  'AlterSeqStmt',
  'AlterStatsStmt',
  'CheckPointStmt',
  'ClusterStmt',
  'CommentStmt',
  'CreateEnumStmt',
  'CreateExtensionStmt',
  'CreateFunctionStmt',
  'CreatePolicyStmt',
  'CreateRoleStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'DropStmt',
  'GrantRoleStmt',
  'GrantStmt',
  'IndexStmt',
  'LockStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'TransactionStmt',
  'TruncateStmt',
  'VacuumStmt',
  'VariableSetStmt',
  'VariableShowStmt',
]);

/** Does none of these statements move values? */
export function isHarmless(statements: readonly SqlNode[]): boolean {
  return statements.every(({ kind }) => harmless.has(kind));
}

const changing = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

type Fail = (message: string, byte: number | undefined) => never;

/** Fails where a part of SQL that gives no values calls a function that might carry some away, changes data inside it, or reads a setting of chemflow. */
export function requireKnownFunctions(value: unknown, functions: ReadonlySet<string>, fail: Fail): void {
  walk(value, (kind, tree) => {
    if (changing.has(kind)) fail('a statement inside another that changes data cannot be followed.', undefined);
    if (kind !== 'FuncCall') return;
    const name = catalogName(stringsOf(tree, 'funcname'));
    if (!readsPlainSetting(tree) && !pureFunctions.has(name) && !functions.has(name))
      fail(`chemflow does not know what the function ${name} does.`, byteOf(tree));
  });
}

/** Fails where a definition (a column's default) reads a setting of chemflow, such as the salt. */
export function requireNoSecret(value: unknown, fail: Fail): void {
  walk(value, (kind, tree) => {
    const isSetting = kind === 'FuncCall' && catalogName(stringsOf(tree, 'funcname')) === 'current_setting';
    if (isSetting && !readsPlainSetting(tree)) fail('a setting of chemflow may not be read here.', byteOf(tree));
  });
}

function walk(value: unknown, visit: (kind: string, tree: SqlTree) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  if (!isTree(value)) return;
  for (const [kind, inner] of Object.entries(value)) {
    if (isTree(inner)) visit(kind, inner);
    walk(inner, visit);
  }
}

/** Is a call current_setting() of a constant name that is not chemflow's? */
function readsPlainSetting(call: SqlTree): boolean {
  if (catalogName(stringsOf(call, 'funcname')) !== 'current_setting') return false;
  const name = textOf(partOf(unwrap(listOf(call, 'args')[0])?.tree ?? {}, 'sval') ?? {}, 'sval');
  return name !== undefined && !name.toLowerCase().startsWith('chemflow.');
}
