import { compileMacro, type MacroDefinition, type StaticNames } from '../jinja/index.js';
import type { Macro, Project } from '../types/index.js';
import { builtinPackages, padded, shownFile } from './shown-file.js';

/** All macros of a project, found by dbt's order: the template's own package, the root project, chemflow's own. */
export interface MacroLibrary {
  /** The macro that `name` means in a template of `fromPackage`, or in `packageName` where that is told. */
  find(name: string, packageName: string | null, fromPackage: string): Macro | undefined;
  /** The macro `name` of the template's package or the root project, without chemflow's own. */
  findOwn(name: string, fromPackage: string): Macro | undefined;
  /** The macros of a package by name (`dbt`: all of chemflow's own); undefined for an unknown package. */
  ofPackage(packageName: string): ReadonlyMap<string, Macro> | undefined;
  byId(id: string): Macro | undefined;
  /** The macro compiled, once. */
  define(macro: Macro): MacroDefinition;
  /** What `adapter.dispatch(name, namespace)` finds from a template of `fromPackage`, or the names that it looked for. */
  dispatch(name: string, namespace: string | null, fromPackage: string): Macro | readonly string[];
  /** Unique ids of the macros that names and dispatches of a template mean. */
  dependencies(names: StaticNames, fromPackage: string): readonly string[];
  /** Every name that a template of `fromPackage` can call without a package. */
  names(fromPackage: string): readonly string[];
}

/** Prefixes that a dispatch tries in each package: this adapter's, then the general one. */
const dispatchPrefixes = ['postgres__', 'default__'];

/** Makes the library; `macros` holds chemflow's own too. */
export function createMacroLibrary(
  project: Project,
  macros: Readonly<Record<string, Macro>>,
  files: Readonly<Record<string, string>> = {},
): MacroLibrary {
  const packages = new Map<string, Map<string, Macro>>();
  const own = new Map<string, Macro>();
  const definitions = new Map<string, MacroDefinition>();
  const tableOf = (packageName: string): Map<string, Macro> => {
    let table = packages.get(packageName);
    if (table === undefined) packages.set(packageName, (table = new Map()));
    return table;
  };
  for (const name of [project.root.name, ...project.packages.map((one) => one.name)]) tableOf(name);
  for (const macro of Object.values(macros)) tableOf(macro.package_name).set(macro.name, macro);
  // The macros of dbt_postgres stand before those of dbt, so they come last.
  for (const name of builtinPackages) for (const [key, macro] of packages.get(name) ?? []) own.set(key, macro);
  packages.set('dbt', own);

  const findOwn = (name: string, fromPackage: string): Macro | undefined =>
    packages.get(fromPackage)?.get(name) ?? packages.get(project.root.name)?.get(name);
  const find = (name: string, packageName: string | null, fromPackage: string): Macro | undefined =>
    packageName === null ? (findOwn(name, fromPackage) ?? own.get(name)) : packages.get(packageName)?.get(name);

  const searchOrder = (namespace: string | null): readonly (string | null)[] => {
    if (namespace === null) return [null];
    const rule = project.root.dispatch.find((candidate) => candidate.macro_namespace === namespace);
    return rule?.search_order ?? [project.root.name, namespace];
  };
  const dispatch = (name: string, namespace: string | null, fromPackage: string): Macro | readonly string[] => {
    const looked: string[] = [];
    for (const packageName of searchOrder(namespace)) {
      for (const prefix of dispatchPrefixes) {
        const macro = find(prefix + name, packageName, fromPackage);
        if (macro !== undefined) return macro;
        looked.push(packageName === null ? prefix + name : `${packageName}.${prefix}${name}`);
      }
    }
    return looked;
  };

  return {
    find,
    findOwn,
    dispatch,
    ofPackage: (packageName) => packages.get(packageName),
    byId: (id) => macros[id],
    define: (macro) => {
      let definition = definitions.get(macro.unique_id);
      if (definition === undefined) {
        const file = shownFile(project, macro.package_name, macro.original_file_path);
        const fileText = files[file] ?? padded(macro.macro_sql, macro.line);
        definition = compileMacro({ text: macro.macro_sql, file, line: macro.line, fileText });
        definitions.set(macro.unique_id, definition);
      }
      return definition;
    },
    dependencies: ({ names, dispatches }, fromPackage) => {
      const ids = new Set<string>();
      for (const name of names) {
        const [first = '', second] = name.split('.');
        const macro =
          find(first, null, fromPackage) ?? (second === undefined ? undefined : find(second, first, fromPackage));
        if (macro !== undefined) ids.add(macro.unique_id);
      }
      for (const [name, namespace] of dispatches) {
        const found = dispatch(name, namespace, fromPackage);
        if ('unique_id' in found) ids.add(found.unique_id);
      }
      return [...ids];
    },
    names: (fromPackage) => [
      ...(packages.get(fromPackage)?.keys() ?? []),
      ...(packages.get(project.root.name)?.keys() ?? []),
      ...own.keys(),
    ],
  };
}
