import {
  adapterOf,
  DescriptionError,
  descriptionJsonSchema,
  readDescription,
} from '../../../src/described/index.ts';
import { ManifestData } from '../../../src/isolation/description.ts';
import { must, outcomeOf, type Target } from '../harness/target.ts';
import { spoiltText } from '../inputs/text.ts';
import { ours } from './samples.ts';

/** What an integrator writes: a platform's interface, in YAML with JSONata in it. */

const WORDS: readonly string[] = [
  ...[
    '{{ ',
    ' }}',
    '{{',
    '}}',
    '{{ settings.key }}',
    '{{ "}}" }}',
    '"',
    "'",
    '`',
    '/x/',
    '/(a+)+$/',
    '/*',
    '$',
    '$$',
  ],
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '?',
    ':',
    ':=',
    '~>',
    '%',
    '^(',
    '@$x',
    '#$i',
    '|$|{}|',
    'function($x){ $x }',
    '..',
  ],
  ...['|\n    ', '>-\n    ', '&a ', '*a', '<<: *a', '\\u0000', '__proto__: { a: 1 }\n', 'constructor', '#'],
  ...[
    'type: link',
    'type: oauth2',
    'per: calendar',
    'local: YYYY',
    'grid: true',
    'kind: slot',
    'is: {}',
    'pagesMax: 0',
  ],
];

export const descriptions: Target<string> = {
  name: 'descriptions',
  open: async () => {
    const known = Object.keys(descriptionJsonSchema().properties ?? {});
    return {
      inputs: spoiltText(ours('examples/low-code', '.yaml'), WORDS),
      run: (text) =>
        outcomeOf(() => {
          try {
            const { settings: _, ...manifest } = adapterOf(readDescription(text)).manifest;
            must(ManifestData.safeParse(manifest).success, 'it makes a manifest that no thread may send');
          } catch (error) {
            if (error instanceof DescriptionError) placed(error, known);
            throw error;
          }
        }, [DescriptionError]),
    };
  },
};

/** A problem that names no place is none that anybody could put right. */
function placed({ problems }: DescriptionError, known: readonly string[]): void {
  must(problems.length > 0, 'refused without a problem');
  for (const { line, column, path, message } of problems) {
    must(
      line >= 1 && column >= 1 && message !== '',
      `a problem without its place: ${line}:${column} ${message}`,
    );
    const [top = ''] = path.split(/[.[]/);
    must(top === '' || known.includes(top) || message.startsWith('unknown key'), `nothing is called ${path}`);
  }
}
