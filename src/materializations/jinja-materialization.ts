import { renderRelation } from './relation-names.js';
import type { BuildContext, BuildOutcome } from './types.js';

/** Runs a materialization that a project or package defines in Jinja; what it made is read from the catalog afterwards. */
export async function runJinjaMaterialization(context: BuildContext, macroId: string): Promise<BuildOutcome> {
  const { renderer, node, cache, session, relation } = context;
  const relations = await renderer.runMaterialization(node.unique_id, macroId);
  for (const made of relations) {
    const rows = await session.rows<{ kind: string }>(
      'select relkind as kind from pg_class where oid = to_regclass($1)',
      [renderRelation(made)],
    );
    const kind = rows[0]?.kind;
    if (kind === undefined) cache.remove(made);
    else
      cache.add({
        ...made,
        type: kind === 'v' ? 'view' : kind === 'm' ? 'materialized_view' : 'table',
        oid: 0,
        owner: '',
      });
  }
  return { message: 'OK', rowsAffected: null, code: 'OK', type: cache.get(relation)?.type ?? 'table' };
}
