import { ChemflowError } from '../error/index.js';
import type { ColumnProperties, ExecutableNode, Manifest, SourceTable } from '../types/index.js';

/** What forgetting a person does to a row that refers to them: removes it, empties the column, or follows it to another account of the same human. */
export type PersonAction = 'remove' | 'unlink' | 'account';

/** A column that says whose a row is: `meta: { person: <source>.<table>[.<column>], forget: unlink | account, through: <declassifier> }`. */
export interface PersonColumn {
  readonly column: string;
  /** `source.table` of the people. */
  readonly person: string;
  /** The column of the people's table that it equals; undefined for the key. */
  readonly target: string | undefined;
  readonly action: PersonAction;
  /** Names of the declassifiers through which that column's value went, in order; none where it is the value itself. */
  readonly through: readonly string[];
}

const actions: Readonly<Record<string, PersonAction>> = { remove: 'remove', unlink: 'unlink', account: 'account' };

/** The columns of a relation that refer to people. Throws FORGET.DECLARATION for one that is written wrongly. */
export function personColumns(resource: SourceTable | ExecutableNode): readonly PersonColumn[] {
  return Object.values(resource.columns).flatMap((column): readonly PersonColumn[] => {
    const { person, forget, through = [] } = column.meta;
    if (person === undefined) return [];
    const names: readonly unknown[] = [through].flat();
    // A source is read before anything went through a declassifier.
    const isNamed = names.every((name) => typeof name === 'string') && (names.length === 0 || isBuilt(resource));
    const [source, table, target, ...more] = String(person).split('.');
    const action = actions[String(forget ?? 'remove')];
    if (source === undefined || table === undefined || more.length > 0 || action === undefined || !isNamed)
      throw new ChemflowError({
        code: 'FORGET.DECLARATION',
        message: `${resource.unique_id}.${column.name} says whose a row is in a way that is not understood.`,
        hint: 'write meta: { person: <source>.<table> } (or <source>.<table>.<column>), and forget: unlink or forget: account where the row itself stays; through: <declassifier> is for columns of models',
      });
    return [{ column: column.name, person: `${source}.${table}`, target, action, through: names.map(String) }];
  });
}

function isBuilt(resource: SourceTable | ExecutableNode): resource is ExecutableNode {
  return resource.resource_type !== 'source';
}

/** `source.table` of every table of people: those that some column refers to. */
export function personTables(manifest: Manifest): ReadonlySet<string> {
  const resources = [...Object.values(manifest.sources), ...Object.values(manifest.nodes)];
  return new Set(resources.flatMap((resource) => personColumns(resource).map(({ person }) => person)));
}

/** The columns that hold personal data (`meta.pii`, unless it is `none`), with their kinds. */
export function personalColumns(
  resource: SourceTable | ExecutableNode,
): readonly { readonly name: string; readonly kinds: readonly string[] }[] {
  return Object.values(resource.columns).flatMap((column) => {
    const kinds = kindsOf(column);
    return kinds.length === 0 ? [] : [{ name: column.name, kinds }];
  });
}

function kindsOf(column: ColumnProperties): readonly string[] {
  const { pii } = column.meta;
  const kinds = Array.isArray(pii) ? pii.map(String) : typeof pii === 'string' ? [pii] : [];
  return kinds.filter((kind) => kind !== 'none');
}

/** Does a relation declare that its personal data is nobody's in particular (`meta: { no_person: <reason> }`)? */
export function saysNobody(resource: SourceTable | ExecutableNode): boolean {
  return typeof (resource.meta['no_person'] ?? resource.config.meta['no_person']) === 'string';
}
