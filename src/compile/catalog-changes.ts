import type { RelationChange } from '../context/index.js';
import type { RelationCache } from '../types/index.js';

/** Writes what a template did into the run's memory of the catalog. */
export function rememberChange(cache: RelationCache, change: RelationChange): void {
  switch (change.kind) {
    case 'added':
      cache.add({ ...change.relation, type: change.relation.type ?? 'table', oid: 0, owner: '' });
      break;
    case 'dropped':
      cache.remove(change.relation);
      break;
    case 'renamed': {
      const known = cache.get(change.relation);
      cache.remove(change.relation);
      if (known !== undefined)
        cache.add({ ...known, schema: change.to.schema || known.schema, identifier: change.to.identifier });
      break;
    }
    case 'schema-dropped':
      for (const relation of [...cache.list(change.schema)]) cache.remove(relation);
      break;
    case 'schema-created':
      break;
  }
}
