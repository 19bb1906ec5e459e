import { ago, type RowList } from './row-list.js';

/** Everything that somebody has written as a date, as the contract names it and otherwise. */
const dates = [
  ...['4-2011', '04-2011', '2011-04', '2011-04-01', '2011', 'Present', '', null, ' ', '13-2011', '0-2011', '00-2011'],
  ...['2011-13', '2011-00', '2011-04-31', '2011-02-29', '2012-02-29', '2019-02-29', '1900-02-29', '2000-02-29'],
  ...['0000', '0-0000', '0000-01', '0001', '9999', '12-9999', '9999-12-31', '20111', '201', '12-11', '111-2011'],
  ...['2011/04/01', '01-04-2011', 'April 2011', '2011-04-01T00:00:00', '-2011', '2011-', '-', 'null', 'Infinity'],
  ...['today', 'now', '٢٠١١', '２０１１', '4–2011', '2011-04-001', '1e3', '4-2011-01', '2011-04-00', '2011-04-32'],
  ...[' 2011 ', '\t2011-04', 'present', 'PRESENT', ' Present ', 'Presently', '\u00a02011'],
] as const;

/** Dimensions without a name, with a name twice, deleted, of the future or missing; and strings that are dates or not. */
export function addTalentCases(list: RowList): void {
  const born = ago(300);
  const dimension = (table: string, column: string): (number | null)[] => [
    ...[null, '', ' ', '\u00a0', 'Twice', 'Twice', 'twice', 'Twice '].map((name) =>
      Number(list.add(`chemlink.${table}`, { at: born }, { [column]: name })),
    ),
    Number(list.add(`chemlink.${table}`, { at: born, deletedAt: ago(20) }, { [column]: 'Closed' })),
    Number(list.add(`chemlink.${table}`, { at: born, deletedAt: ago(-1) }, { [column]: 'Twice' })),
    Number(list.add(`chemlink.${table}`, { at: ago(0) }, { [column]: 'Just now' })),
    Number(list.add(`chemlink.${table}`, { at: ago(-1) }, { [column]: 'Tomorrow' })),
    8_999_999,
    null,
  ];
  const companies = dimension('companies', 'name');
  const roles = dimension('roles', 'title');
  const projects = dimension('projects', 'name');
  const degrees = dimension('degrees', 'name');
  const schools = dimension('schools', 'name');
  const at = ago(100);
  const people = [
    list.person({ at }),
    list.person({ at, deletedAt: ago(50) }),
    list.person({ at }, { email: 'x+qa@hard.example' }),
  ];
  for (const [index, company_id] of companies.entries()) {
    const keys = { role_id: roles[index] ?? null, project_id: projects[index] ?? null };
    for (const { id } of people) {
      list.add('chemlink.experiences', { at: ago(60) }, { person_id: id, company_id, ...keys });
      list.add('chemlink.experiences', { at: ago(60) }, { person_id: id, company_id, role_id: roles[4] ?? null });
      list.add('chemlink.experiences', { at: ago(60), deletedAt: ago(0) }, { person_id: id, company_id, ...keys });
      const study = { person_id: id, degree_id: degrees[index] ?? null, school_id: schools[index] ?? null };
      list.add('chemlink.education', { at: ago(60) }, study);
      list.add('chemlink.education', { at: ago(-1) }, study);
    }
    list.person({ at }, { company_id, role_id: roles[index] ?? null });
    list.person({ at, deletedAt: ago(50) }, { company_id });
  }
  const writer = list.person({ at });
  for (const [index, start_date] of dates.entries()) {
    const end_date = dates[(index + 5) % dates.length] ?? null;
    list.add('chemlink.experiences', { at: ago(60) }, { person_id: writer.id, start_date, end_date });
    list.add(
      'chemlink.education',
      { at: ago(60) },
      { person_id: writer.id, start_date: end_date, end_date: start_date },
    );
  }
  addProfileCases(list);
}

/** Profiles that reach 70 at different moments, and rows that make one searchable. */
function addProfileCases(list: RowList): void {
  const at = ago(100);
  const full = { headline_description: 'eleven chars', linked_in_url: 'https://hard.example/in/x' };
  const child = (table: string, person_id: number, created: number, deletedAt?: number): string =>
    list.add(`chemlink.${table}`, deletedAt === undefined ? { at: created } : { at: created, deletedAt }, {
      person_id,
    });
  for (const [experience, education] of [
    [ago(90), ago(80)],
    [ago(110), ago(120)],
    [ago(90), undefined],
    [undefined, ago(90)],
    [undefined, undefined],
  ] as const) {
    for (const values of [full, {}]) {
      const { id } = list.person({ at }, values);
      if (experience !== undefined) child('experiences', id, experience);
      if (education !== undefined) child('education', id, education);
    }
  }
  const removed = list.person({ at }, full);
  child('experiences', removed.id, ago(90), ago(1));
  child('experiences', removed.id, ago(60), ago(-1));
  child('embeddings', removed.id, ago(60), ago(1));
  child('embeddings', list.person({ at }).id, ago(60));
  child('embeddings', list.person({ at }).id, ago(-1));
  child('education', list.person({ at, deletedAt: ago(70) }, full).id, ago(60));
  for (const values of [
    { term: ' ', meaning: null, category: '', description: 'required' },
    { term: 'Term', meaning: 'two\nlines', category: '\u00a0', description: 'it\'s \\ "quoted"' },
  ]) {
    list.add('chemlink.glossary', { at: ago(60) }, values);
    list.add('chemlink.glossary', { at: ago(-1) }, values);
  }
}
