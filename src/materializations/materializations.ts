import { materializedView } from './materialized-view.js';
import { incremental } from './incremental/incremental.js';
import { seed } from './seed/seed.js';
import { snapshot } from './snapshot.js';
import { table } from './table.js';
import type { Materialization } from './types.js';
import { view } from './view.js';

/** The materializations that chemflow brings, by name; a project's own in Jinja come before them. */
export const materializations: Readonly<Record<string, Materialization>> = {
  table,
  view,
  materialized_view: materializedView,
  incremental,
  seed,
  snapshot,
};
