import { benchDashboard } from './dashboard.js';
import { benchExport } from './export.js';
import { benchExtraction } from './extraction.js';
import { benchModels } from './models.js';
import { benchScale } from './scale.js';
import { benchThousandModels } from './thousand-models.js';

type Benches = Readonly<Record<string, () => Promise<void>>>;

const always: Benches = { extraction: benchExtraction, models: benchModels, thousand: benchThousandModels };
/** Those that take so long that they run by name only. */
const byName: Benches = { dashboard: benchDashboard, scale: benchScale, export: benchExport };

const benches: Benches = { ...always, ...byName };
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => benches[name] === undefined);
if (unknown.length > 0)
  throw new Error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
for (const [name, bench] of Object.entries(chosen.length === 0 ? always : benches)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
