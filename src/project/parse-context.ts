import type { ParseReads, TemplateEngine } from '../context/index.js';
import { ChemflowError, ChemflowErrors, type Place } from '../error/index.js';
import type {
  DocsBlock,
  ExecutableNode,
  Exposure,
  JsonObject,
  Project,
  ProjectConfig,
  ResourceId,
  SourceTable,
  UnitTest,
} from '../types/index.js';
import type { SourceFile } from './source-files.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

/** A resource's entry in a properties file. */
export interface PropertyEntry {
  readonly kind: string;
  readonly name: string;
  readonly packageName: string;
  /** The entry with its Jinja rendered, but for descriptions, tests and hooks. */
  readonly value: JsonObject;
  readonly file: YamlFile;
  readonly source: SourceFile;
  readonly path: YamlPath;
}

/** Where a resource was written, to find the places of errors in it. */
export interface Origin {
  /** Where the resource begins. */
  place(): Place;
  /** Where something in its text stands, or where it begins. */
  find(pattern: RegExp): Place;
}

/** What the parts of the parser share: the project, what was found so far, and where errors go. */
export interface ParseContext {
  readonly project: Project;
  readonly packages: ReadonlyMap<string, ProjectConfig>;
  readonly engine: TemplateEngine;
  /** Texts of files by path as shown. */
  readonly files: Record<string, string>;
  readonly docs: Readonly<Record<string, DocsBlock>>;
  readonly createdAt: number;
  readonly nodes: Map<ResourceId, ExecutableNode>;
  readonly sources: Map<ResourceId, SourceTable>;
  readonly exposures: Map<ResourceId, Exposure>;
  readonly unitTests: Map<ResourceId, UnitTest>;
  /** Files with rows for unit tests, of all packages. */
  readonly fixtures: readonly SourceFile[];
  readonly disabled: (ExecutableNode | SourceTable | Exposure | UnitTest)[];
  readonly origins: Map<ResourceId, Origin>;
  /** Resources whose template is wrong: their references are not known. */
  readonly broken: Set<ResourceId>;
  /** Notes what templates read beside files. */
  readonly reads: ParseReads | undefined;
  /** Names of all generic tests, for "did you mean". */
  testNames(): readonly string[];
  report(error: unknown): void;
  warn(error: ChemflowError): void;
}

/** Runs `work`; a ChemflowError becomes one of the project's errors, and the result is undefined. */
export function attempt<Result>(report: (error: unknown) => void, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ChemflowError) && !(error instanceof ChemflowErrors)) throw error;
    report(error);
    return undefined;
  }
}
