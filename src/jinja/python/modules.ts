import { dictOf, type PyDict } from '../values/value.js';
import { dateTimeModule } from './datetime-module.js';
import { itertoolsModule } from './itertools-module.js';
import { pytzModule } from './pytz-module.js';
import { reModule } from './re-module.js';

/** What `modules` holds in a template: datetime, re, pytz, itertools. */
export function pythonModules(): PyDict {
  return dictOf({ datetime: dateTimeModule, re: reModule, pytz: pytzModule, itertools: itertoolsModule });
}
