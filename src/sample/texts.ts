import { pick, type Random } from '../util/random.js';

/** First and last names that go together; people are named in the scripts of the world. */
const nameSets: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['Anna', 'Ben', 'Carla', 'David', 'Elif', 'Frank', 'Grace', 'Henry', 'Ines', 'Jonas', 'Katrin', 'Leo', 'Maya'],
    ['Smith', 'Müller', 'García', "O'Brien", 'Nguyen', 'Kowalski', 'Silva', 'Jensen', 'Rossi', 'Dupont', 'Şahin'],
  ],
  [
    ['Анна', 'Борис', 'Вера', 'Глеб'],
    ['Иванова', 'Петров', 'Сидоренко'],
  ],
  [
    ['محمد', 'فاطمة', 'ليلى'],
    ['الحسن', 'منصور', 'حداد'],
  ],
  [
    ['伟', '芳', '娜'],
    ['王', '李', '张'],
  ],
  [
    ['はなこ', '太郎', 'さくら'],
    ['佐藤', '鈴木', '高橋'],
  ],
  [
    ['आरव', 'प्रिया', 'रोहन'],
    ['शर्मा', 'पटेल', 'सिंह'],
  ],
  [
    ['Ελένη', 'Νίκος'],
    ['Παπαδόπουλος', 'Γεωργίου'],
  ],
  [
    ['민준', '서연'],
    ['김', '박'],
  ],
  [
    ['นารี', 'สมชาย'],
    ['สุขใจ', 'ทองดี'],
  ],
];

/** A first and a last name of one script, the Latin one in seven of ten. */
export function personName(random: Random): { readonly first: string; readonly last: string } {
  const latin = nameSets[0];
  const set = random() < 0.7 && latin !== undefined ? latin : pick(random, nameSets);
  return { first: pick(random, set[0]), last: pick(random, set[1]) };
}

const topics = [
  'crystallization',
  'polymer recycling',
  'process safety',
  'green hydrogen',
  'supply chains',
  'chromatography',
  'peptide synthesis',
  'batch reactors',
  'hiring chemists',
  'patents',
  'lab automation',
  'catalysis',
];

const sentences = [
  'Looking for somebody who knows',
  'Ten things I learned about',
  'Does anyone have experience with',
  'Our team has published on',
  'A short note about',
  'Wir suchen Rat zu',
  'Кто занимался темой:',
  '有人研究过',
  'هل لدى أحدكم خبرة في',
  'Una pregunta sobre',
];

/** What breaks a careless copier: tabs, line breaks, backslashes, quotes, emoji, COPY's own end mark. */
const awkward = [
  'two\tcolumns',
  'first line\nsecond line',
  'windows\r\nlines',
  'C:\\lab\\data\\n',
  'she said "yes", it\'s fine',
  '🧪👩‍🔬 done!',
  '\\N',
  '\\.',
  '{"json": "look\\"alike"}',
  '%s ${x} {{ y }} $$z$$',
  "'; drop table posts; --",
];

/** A short free text; one in eight has an awkward piece in it. */
export function freeText(random: Random): string {
  const text = `${pick(random, sentences)} ${pick(random, topics)}`;
  return random() < 0.125 ? `${text} ${pick(random, awkward)}` : text;
}

/** A headline, or what stands where one should be: short ones, one of ten signs, one of eleven, blanks, null. */
export function headline(random: Random): string | null {
  const draw = random();
  if (draw < 0.42) return `Chemist, ${pick(random, topics)}`;
  if (draw < 0.47) return 'Chemist';
  if (draw < 0.49) return 'Chemist 10';
  if (draw < 0.51) return 'Chemist 011';
  if (draw < 0.52) return '🧪🔬🧫⚗️ lab';
  if (draw < 0.54) return '              ';
  if (draw < 0.62) return '';
  if (draw < 0.63) return '\t\n \t\n \t\n \t\n ';
  return null;
}

/** A date as people and old importers typed it: every form of production, and nonsense. */
export function typedDate(random: Random, isEnd: boolean): string | null {
  const draw = random();
  const year = 1995 + Math.floor(random() * 31);
  const month = 1 + Math.floor(random() * 12);
  const date = 1 + Math.floor(random() * 28);
  const padded = String(month).padStart(2, '0');
  if (isEnd && draw < 0.4) return 'Present';
  if (draw < 0.5) return `${month}-${year}`;
  if (draw < 0.6) return `${padded}-${year}`;
  if (draw < 0.7) return `${year}-${padded}`;
  if (draw < 0.8) return `${year}-${padded}-${String(date).padStart(2, '0')}`;
  if (draw < 0.88) return String(year);
  if (draw < 0.94) return '';
  if (draw < 0.97) return pick(random, ['13-2011', '2019-02-29', '00-2015', 'soon', '2011-4-31', '0000', 'n/a', ' ']);
  return null;
}

/** People whose data is unmistakable: a test that finds one of these beyond staging has found a leak. */
export const canaries = [
  {
    first: 'Zebulon',
    last: 'Canarius-Quux',
    email: 'Zebulon.Canarius@leak.example',
    headline: 'CANARY headline 8f41 of Zebulon',
    text: 'CANARY text 8f41, call +49 151 00000041',
    phone: '15100000041',
    url: 'https://linkedin.example/in/canary-8f41',
  },
  {
    first: 'Ottoline',
    last: 'Canaryvale',
    email: 'ottoline@mail.example',
    headline: 'CANARY headline 27c6 of Ottoline',
    text: 'CANARY text 27c6 🐤\twith a tab',
    phone: '15100000042',
    url: 'https://linkedin.example/in/canary-27c6',
  },
  {
    first: '金絲雀',
    last: 'Канарейкин',
    email: 'CANARY.third@leak.example',
    headline: 'CANARY headline 55aa 金絲雀',
    text: 'CANARY text 55aa 金絲雀\nsecond line',
    phone: '15100000043',
    url: 'https://linkedin.example/in/canary-55aa',
  },
] as const;

/** Every text of the canaries that must not be found in core, aggregates or ai. */
export const canaryTexts: readonly string[] = canaries.flatMap((canary) => [
  canary.first,
  canary.last,
  canary.email.toLowerCase(),
  canary.headline,
  canary.text.slice(0, 16),
  canary.phone,
  canary.url,
]);
