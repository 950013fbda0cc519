import fc from 'fast-check';
import { EnvironmentError, readEnvironment } from '../../../src/config/environment.ts';
import { ConfigurationError } from '../../../src/config/problems.ts';
import { parseConfiguration } from '../../../src/config/read-configuration.ts';
import { allAdapters } from '../../config/adapters.ts';
import { SAMPLE } from '../../config/sample.ts';
import { must, outcomeOf, type Target } from '../harness/target.ts';
import { anyText, spoiltText } from '../inputs/text.ts';
import { ours } from './samples.ts';

/** What an operator writes: the configuration, the variables of the process, the tables of codes. */

const YAML_WORDS: readonly string[] = [
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '- ',
    ': ',
    '? ',
    '|\n',
    '>-\n',
    '!!str ',
    '!!binary ',
    '!!set ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '~',
    'null',
    'yes',
    '.inf',
    '.nan',
    '0o7',
    '1e3',
    '2026-11-24',
    '  ',
    '\t',
  ],
  ...[
    '{ env: NAME }',
    '{ env: [] }',
    'topology: publish',
    'sharing: allotted',
    'shares: { a: 1 }',
    'policy: {}',
    'platform: rvsq',
  ],
  ...[
    'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n',
    'd: &d { d: *d }\n',
  ],
  ...[
    'a: &a { b: *a }\n',
    '&x organization: *x\n',
    '? [a, b]\n: c\n',
    '? { a: 1 }\n: c\n',
    '__proto__: { a: 1 }\n',
  ],
];

const VARIABLES = { RVSQ_API_KEY: 'made-up', BONJOUR_SANTE_API_KEY: 'made-up', NAME: 'made-up' };

export const configuration: Target<string> = {
  name: 'configuration',
  share: 6,
  open: async () => {
    const adapters = await allAdapters();
    return {
      inputs: spoiltText([...ours('examples', '.yaml'), SAMPLE], YAML_WORDS),
      run: (text) =>
        outcomeOf(() => {
          try {
            parseConfiguration(text, 'passerelle.yaml', adapters, VARIABLES);
          } catch (error) {
            if (error instanceof ConfigurationError) explained(error);
            throw error;
          }
        }, [ConfigurationError]),
    };
  },
};

/** A refusal that names no place is none that an operator could do anything with. */
function explained({ problems }: ConfigurationError): void {
  must(problems.length > 0, 'refused without a problem');
  for (const { line, column, message } of problems) {
    must(
      line >= 1 && column >= 1 && message !== '',
      `a problem without its place: ${line}:${column} ${message}`,
    );
  }
}

const NAMES = [
  'PORT',
  'HOST',
  'DATABASE_URL',
  'REDIS_URL',
  'PASSERELLE_KEY',
  'LOG_LEVEL',
  'PASSERELLE_CONFIG',
];
const VALUES = [
  ...[
    '8080',
    '127.0.0.1',
    'postgres://user:password@host:5432/database',
    'redis://host:6379',
    'warn',
    './.data',
  ],
  Buffer.alloc(32, 7).toString('base64'),
];

export const environment: Target<Record<string, string>> = {
  name: 'environment',
  share: 0.5,
  open: async () => ({
    inputs: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), anyText()), anyText(VALUES), { maxKeys: 6 }),
    run: (variables) => outcomeOf(() => readEnvironment(variables), [EnvironmentError]),
  }),
};
