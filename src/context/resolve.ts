import { ChemflowError } from '../error/index.js';
import { hostFunction, type PyCallable } from '../jinja/index.js';
import type { ExecutableNode, JsonObject, RefCall, ResourceId } from '../types/index.js';
import { hostMethod } from './host-method.js';
import { readRef, readSource } from './ref-arguments.js';
import { cteRelation, ephemeralRelation, relationObject } from './relation-members.js';
import type { RelationObject } from './relation-object.js';
import type { RunFrame, RunNode } from './run-frame.js';

/** Resources that read all rows even under `--empty`. */
const unlimited = ['test', 'operation', 'sql_operation', 'analysis', 'source'];

function limitOf(frame: RunFrame): number | null {
  const isLimited = frame.node !== null && !unlimited.includes(frame.node.resource_type);
  return frame.host.invocation.flags.empty && isLimited ? 0 : null;
}

function checkDeclared(frame: RunFrame, id: ResourceId, call: string): void {
  const { node } = frame;
  if (!frame.checksDependencies || node === null || !('depends_on' in node)) return;
  if (node.resource_type === 'operation' || node.depends_on.nodes.includes(id) || id === node.unique_id) return;
  throw new ChemflowError({
    code: 'TEMPLATE.UNDECLARED_REF',
    message: `${node.unique_id} uses ${call}, which was not seen when the project was parsed; so ${id} might be built too late.`,
    hint: `a reference in a branch that needs \`execute\` must be told: -- depends_on: {{ ${call} }}`,
  });
}

function refText(ref: RefCall): string {
  const version = ref.version === null ? '' : `, version=${ref.version}`;
  return `ref(${ref.package === null ? '' : `'${ref.package}', `}'${ref.name}'${version})`;
}

/** The relation of a node, as its parents and children name it. */
export function nodeRelation(node: RunNode, limit: number | null = null): RelationObject {
  const identifier = node.resource_type === 'source' ? node.identifier : node.alias;
  const config: Readonly<Record<string, unknown>> = node.config;
  const quoting = (node.resource_type === 'source' ? node.quoting : config['quoting']) as JsonObject | undefined;
  return relationObject({ database: node.database, schema: node.schema, identifier }, { quoting, limit });
}

function parentRelation(frame: RunFrame, parent: ExecutableNode): RelationObject {
  const fixture = frame.overrides.relations?.get(parent.unique_id);
  if (fixture !== undefined) return cteRelation(fixture, parent);
  if (parent.config.materialized !== 'ephemeral') return nodeRelation(parent, limitOf(frame));
  if (frame.node?.resource_type === 'operation')
    throw new ChemflowError({
      code: 'TEMPLATE.EPHEMERAL_IN_HOOK',
      message: `A hook cannot use ref('${parent.name}'): an ephemeral model is no relation.`,
      hint: 'materialize the model as a view',
    });
  frame.ephemerals.add(parent.unique_id);
  return ephemeralRelation(parent.alias);
}

/** `ref` of the run phase: the relation of a model, seed or snapshot. */
export function refFunction(frame: RunFrame): PyCallable {
  return hostMethod('ref', ['*'], (call) => {
    const ref = readRef(call);
    const parent = frame.index.findRef(ref, frame.packageName);
    checkDeclared(frame, parent.unique_id, refText(ref));
    return parentRelation(frame, parent);
  });
}

/** `source` of the run phase: the relation of a source's table. */
export function sourceFunction(frame: RunFrame): PyCallable {
  return hostMethod('source', ['*'], (call) => {
    const pair = readSource(call);
    const table = frame.index.findSource(pair, frame.packageName);
    checkDeclared(frame, table.unique_id, `source('${pair.join("', '")}')`);
    const fixture = frame.overrides.relations?.get(table.unique_id);
    return fixture === undefined ? nodeRelation(table, limitOf(frame)) : cteRelation(fixture, table);
  });
}

/** A function that says that chemflow has no such resource. */
export function unsupported(name: string): PyCallable {
  return hostFunction(name, () => {
    throw new ChemflowError({ code: 'TEMPLATE.NOT_IMPLEMENTED', message: `${name}() is not available in chemflow.` });
  });
}
