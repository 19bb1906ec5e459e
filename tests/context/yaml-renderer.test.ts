import { describe, expect, it } from 'vitest';
import { createYamlRenderer } from '../../src/context/index.js';
import { makeProject } from './make-project.js';

const place = { file: 'chemflow.yml', path: ['models'] };
const renderer = createYamlRenderer({
  env: { USER: 'ada', DBT_ENV_SECRET_KEY: 'hush' },
  cliVars: { days: 3 },
  vars: { days: 1, zone: 'UTC' },
  target: makeProject().target,
});

describe('Jinja in YAML', () => {
  it('renders every text of a value, and keeps the type of an expression', () => {
    expect(
      renderer.render(
        {
          '+schema': "dev_{{ env_var('USER', 'me') }}",
          '+enabled': "{{ var('days') > 2 }}",
          nested: [{ n: "{{ var('days') * 2 }}", zone: "{{ var('zone') }}" }, 'plain', 7, null],
          list: "{{ ['a', 'b'] }}",
          where: '{{ target.schema }}.{{ target.name }}',
        },
        place,
      ),
    ).toEqual({
      '+schema': 'dev_ada',
      '+enabled': true,
      nested: [{ n: 6, zone: 'UTC' }, 'plain', 7, null],
      list: ['a', 'b'],
      where: 'analytics.dev',
    });
  });

  it('gives an error the place of the text in its file', () => {
    const fileText = 'name: shop\nvars:\n  x: "{{ env_var(\'USRE\') }}"\n';
    const here = createYamlRenderer({ env: { USER: 'ada' }, cliVars: {}, fileText });
    expect(() => here.render("{{ env_var('USRE') }}", place)).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE.MISSING_ENV',
        hint: 'did you mean "USER"?',
        place: expect.objectContaining({ file: 'chemflow.yml', line: 3 }),
      }),
    );
  });

  it('gives secrets only where they are allowed', () => {
    const text = "{{ env_var('DBT_ENV_SECRET_KEY') }}";
    expect(() => renderer.render(text, place)).toThrow(expect.objectContaining({ code: 'TEMPLATE.SECRET_ENV' }));
    const open = createYamlRenderer({ env: { DBT_ENV_SECRET_KEY: 'hush' }, cliVars: {}, allowSecrets: true });
    expect(open.render(text, place)).toBe('hush');
  });
});
