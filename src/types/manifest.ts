import type { DocsBlock, ExecutableNode, Exposure, Macro, ResourceId, SourceTable, UnitTest } from './resource.js';

/** Every resource of a project and its packages, as plain data (it is sent to worker threads as it is). */
export interface Manifest {
  readonly nodes: Readonly<Record<ResourceId, ExecutableNode>>;
  readonly sources: Readonly<Record<ResourceId, SourceTable>>;
  readonly exposures: Readonly<Record<ResourceId, Exposure>>;
  readonly unitTests: Readonly<Record<ResourceId, UnitTest>>;
  readonly macros: Readonly<Record<string, Macro>>;
  readonly docs: Readonly<Record<string, DocsBlock>>;
  readonly disabled: readonly (ExecutableNode | SourceTable | Exposure | UnitTest)[];
  /** Files of the project by path as shown, for errors with an excerpt. */
  readonly files: Readonly<Record<string, string>>;
}

/** A resource's SQL after its template was rendered with `execute` true. */
export interface CompiledResource {
  readonly id: ResourceId;
  /** SQL with ephemeral parents injected as CTEs. */
  readonly sql: string;
  readonly preHooks: readonly { readonly sql: string; readonly transaction: boolean }[];
  readonly postHooks: readonly { readonly sql: string; readonly transaction: boolean }[];
}
