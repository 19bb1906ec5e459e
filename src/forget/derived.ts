import { ChemflowError, throwAll } from '../error/index.js';
import type { Graph } from '../graph/index.js';
import type { Lineage } from '../lineage/index.js';
import { personColumns, saysNobody } from '../person/index.js';
import type { DeclassifierConfig, ExecutableNode, Manifest, Session } from '../types/index.js';
import { personColumnsByLineage } from './person-lineage.js';
import { builtOfPeople, isKept, type KeptRelation } from './plan.js';
import { readPresent } from './present.js';

/** What {@link deriveRelations} looks at. */
export interface DeriveInput {
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly lineage: Lineage;
  readonly hashes: readonly DeclassifierConfig[];
  readonly session: Session;
}

/**
 * The tables and materialized views that are built of people's rows, in build order, with the columns that say whose a row is. Throws FORGET.UNDECLARED for
 * those whose SQL nobody can follow and that do not say it.
 */
export async function deriveRelations(input: DeriveInput): Promise<readonly KeptRelation[]> {
  const { manifest, graph, lineage, session } = input;
  const ids = graph.order([...builtOfPeople(manifest, graph)]);
  const columnsOf = personColumnsByLineage(manifest, lineage, ids, new Set(input.hashes.map(({ name }) => name)));
  const nodes = ids.flatMap((id) => {
    const node = manifest.nodes[id];
    const isBuilt = node !== undefined && ['model', 'seed', 'snapshot'].includes(node.resource_type);
    return isBuilt && node.config.materialized !== 'ephemeral' && !isKept(node) ? [node] : [];
  });
  const relations = nodes.map((node) => ({
    resource: node,
    schema: node.schema,
    name: node.alias,
    columns: saysNobody(node) ? [] : columnsOf(node.unique_id),
  }));
  const present = await readPresent(session, relations);
  const standing = relations.filter((relation) => present(relation) !== undefined);
  throwAll(standing.flatMap(({ resource }) => (isUnknown(resource, lineage) ? [undeclaredError(resource)] : [])));
  return standing;
}

function isUnknown(node: ExecutableNode, lineage: Lineage): boolean {
  const relation = lineage.relationOf(node.unique_id);
  const isFollowed = relation?.problem === undefined && relation?.how === 'followed';
  return !isFollowed && personColumns(node).length === 0 && !saysNobody(node);
}

function undeclaredError(node: ExecutableNode): ChemflowError {
  return new ChemflowError({
    code: 'FORGET.UNDECLARED',
    message: `${node.unique_id} is built of people's rows, its SQL cannot be followed, and no column of it says whose a row is.`,
    hint: declarationHint,
    place: { file: node.original_file_path, line: 1, column: 1 },
  });
}

/** What to write where a built relation does not say whose its rows are. */
export const declarationHint =
  'write meta: { person: <source>.<table>.<column> } (and through: <declassifier>) on the column that tells it, or meta: { no_person: <reason> } on the model, which is then built again after the removal';
