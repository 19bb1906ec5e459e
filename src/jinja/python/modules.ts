import { PyDict } from '../values/dict.js';

/** What `modules` holds in a template: datetime, re, pytz, itertools. */
export function pythonModules(): PyDict {
  return new PyDict();
}
