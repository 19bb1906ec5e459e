import { benchExtraction } from './extraction.js';
import { benchModels } from './models.js';
import { benchThousandModels } from './thousand-models.js';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  extraction: benchExtraction,
  models: benchModels,
  thousand: benchThousandModels,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => benches[name] === undefined);
if (unknown.length > 0)
  throw new Error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
