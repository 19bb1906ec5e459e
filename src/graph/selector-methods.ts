import picomatch from 'picomatch';
import type { Resource } from '../types/index.js';
import { globMatcher, hasWildcard } from '../util/glob.js';
import { matchesQualifiedName } from './match-qualified-name.js';
import type { SelectorMethod } from './selection-types.js';

const qualifiedName: SelectorMethod = ({ value }) => {
  const matches = matchesQualifiedName(value);
  return (resource) =>
    resource.resource_type !== 'source' && resource.resource_type !== 'exposure' && matches(resource.fqn);
};

const path: SelectorMethod = ({ value }) => {
  const wanted = value.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
  const matches = picomatch([wanted, `${wanted}/**`], { dot: true });
  const isPlain = !hasWildcard(wanted);
  const covers = (file: string): boolean =>
    isPlain ? file === wanted || file.startsWith(`${wanted}/`) : matches(file);
  return (resource) => {
    if (covers(resource.original_file_path)) return true;
    const patch = 'patch_path' in resource ? resource.patch_path : null;
    return typeof patch === 'string' && /\.ya?ml$/.test(wanted) && covers(patch.replace(/^[^:]*:\/\//, ''));
  };
};

const file: SelectorMethod = ({ value }) => {
  const matches = globMatcher(value);
  return (resource) => {
    const name = resource.original_file_path.split('/').at(-1) ?? '';
    return matches(name) || matches(name.replace(/\.[^.]*$/, ''));
  };
};

function tagsOf(resource: Resource): readonly string[] {
  return 'tags' in resource ? resource.tags : resource.config.tags;
}

const tag: SelectorMethod = ({ value }) => {
  const matches = globMatcher(value);
  return (resource) => tagsOf(resource).some(matches);
};

const source: SelectorMethod = ({ value }) => {
  const parts = value.split('.').map(globMatcher);
  const everything = (): boolean => true;
  const [packageName, sourceName, table] =
    parts.length >= 3 ? parts : [everything, parts[0] ?? everything, parts[1] ?? everything];
  return (resource) =>
    resource.resource_type === 'source' &&
    (packageName ?? everything)(resource.package_name) &&
    (sourceName ?? everything)(resource.source_name) &&
    (table ?? everything)(resource.name);
};

const packageMethod: SelectorMethod = ({ value, rootPackage }) => {
  const matches = globMatcher(value === 'this' && rootPackage !== undefined ? rootPackage : value);
  return (resource) => matches(resource.package_name);
};

/** Matches a configuration's value: a text or number as written, a list if it has the value, an object if it has the key. */
const config: SelectorMethod = ({ words, value }) => {
  const matches = globMatcher(value);
  const matchesFolded = globMatcher(value.toLowerCase());
  const isMatch = (found: unknown): boolean => {
    if (found === undefined) return false;
    if (found === null) return /^(none|null)$/i.test(value);
    if (Array.isArray(found)) return found.some(isMatch);
    if (typeof found === 'object') return Object.keys(found).some(matches);
    if (typeof found === 'boolean' || words[0] === 'severity') return matchesFolded(String(found).toLowerCase());
    return matches(String(found));
  };
  return (resource) => {
    let found: unknown = resource.config;
    for (const word of words)
      found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[word] : undefined;
    return isMatch(found);
  };
};

const resourceType: SelectorMethod = ({ value }) => {
  const matches = globMatcher(value);
  return (resource) => matches(resource.resource_type);
};

const testName: SelectorMethod = ({ value }) => {
  const matches = globMatcher(value);
  return (resource) =>
    resource.resource_type === 'test' && resource.test_metadata !== undefined && matches(resource.test_metadata.name);
};

const testType: SelectorMethod = ({ value }) => {
  return (resource) => {
    if (value === 'unit') return resource.resource_type === 'unit_test';
    if (resource.resource_type !== 'test') return false;
    const isGeneric = resource.test_metadata !== undefined;
    if (value === 'generic' || value === 'schema') return isGeneric;
    return value === 'singular' ? !isGeneric : value === 'data';
  };
};

/** A method for one kind of resource, by its name or `package.name`. */
function named(kind: Resource['resource_type']): SelectorMethod {
  return ({ value }) => {
    const matches = globMatcher(value);
    return (resource) =>
      resource.resource_type === kind &&
      (matches(resource.name) || matches(`${resource.package_name}.${resource.name}`));
  };
}

/** A method that compares one plain property of a resource or its configuration. */
function property(name: 'group' | 'access'): SelectorMethod {
  return ({ value }) => {
    const matches = globMatcher(value);
    return (resource) => {
      const own = name in resource ? (resource as unknown as Record<string, unknown>)[name] : undefined;
      const found = own ?? (resource.config as Readonly<Record<string, unknown>>)[name];
      return typeof found === 'string' && matches(found);
    };
  };
}

/** Which version of a model: `latest`, `prerelease`, `old`, or `none` for models without versions. */
const version: SelectorMethod = ({ value }) => {
  return (resource) => {
    if (resource.resource_type !== 'model') return false;
    const own = resource.version ?? null;
    const latest = resource.latest_version ?? null;
    if (own === null) return value === 'none';
    if (String(own) === String(latest)) return value === 'latest';
    return value === (Number(own) > Number(latest) ? 'prerelease' : 'old');
  };
};

/** The methods of `method:value`; a new one is a line here. */
export const selectorMethods: Readonly<Record<string, SelectorMethod>> = {
  fqn: qualifiedName,
  path,
  file,
  tag,
  source,
  package: packageMethod,
  config,
  resource_type: resourceType,
  test_name: testName,
  test_type: testType,
  exposure: named('exposure'),
  unit_test: named('unit_test'),
  group: property('group'),
  access: property('access'),
  version,
};
