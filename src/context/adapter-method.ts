import type { PyCallable } from '../jinja/index.js';
import type { Relation } from '../types/index.js';
import type { CallArguments } from './host-method.js';
import { RelationObject } from './relation-object.js';
import type { RunFrame } from './run-frame.js';

/** A method of `adapter` in a frame. */
export type AdapterMethod = (frame: RunFrame) => PyCallable;

/** The relation that an argument holds; none for anything else. */
export function relationArgument(call: CallArguments, name: string): Relation | null {
  const value = call.get(name);
  return value instanceof RelationObject ? value.toRelation() : null;
}
