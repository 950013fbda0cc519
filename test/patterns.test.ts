import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { check } from 'recheck';
import { patternsIn } from './support/regular-expressions.ts';

/**
 * No regular expression takes longer than in proportion to what it reads (ReDoS): a client, or a platform, chooses the
 * text. Every one in the source is judged, whoever's text it is for, since nobody remembers which was for whose. Only a bench
 * is left out: it reads what a server that it has started itself wrote of its own data.
 */

const ROOT = join(import.meta.dirname, '..');

const files = ['src', 'adapters', 'mappings']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter(
    (path) =>
      path.endsWith('.ts') && !path.includes('node_modules') && !/^adapters\/[^/]+\/bench\//.test(path),
  )
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** Files that put some together, and what kind comes of it: none of it is a client's own. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  'mappings/fhir/read-slot.ts': ['^Schedule/([A-Za-z0-9\\-.]{1,64})$'],
  'mappings/fhir/validation/invariants.ts': ['^_?onset[A-Z]'],
  'mappings/fhir/validation/primitives.ts': madeIn('mappings/fhir/validation/primitives.ts'),
  'src/fhir/auditing.ts': madeIn('src/fhir/auditing.ts'),
};

/** Those of a file that are put together of texts that stand in it, each by its name. */
function madeIn(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const parts = new Map(
    [...text.matchAll(/^const ([A-Z_]+) = (?:'(.*)'|`(.*)`|String\.raw`(.*)`);$/gm)].map(
      ([, name, ...values]) => [
        name,
        (values.find((value) => value !== undefined) ?? '').replaceAll('\\\\', '\\'),
      ],
    ),
  );
  const filled = (template: string): string =>
    template.replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => filled(parts.get(name) ?? `no ${name}`));
  return [...text.matchAll(/new RegExp\(`(.*)`(?:, '\w+')?\)/g)].map(([, template = '']) =>
    filled(template.replaceAll('\\\\', '\\')),
  );
}

/** Null = in proportion to its text, whatever that is. */
async function faultOf(source: string, flags: string): Promise<string | null> {
  // Its own limit is ten seconds, in which a busy machine has not judged every one.
  const found = await check(source, flags, { timeout: 60_000 });
  if (found.status === 'safe') return null;
  return found.status === 'vulnerable'
    ? `${found.complexity.summary}, by ${found.attack.pattern.slice(0, 80)}`
    : 'it could not be judged';
}

describe('regular expressions', function () {
  this.timeout(300_000);

  it('are found, also where a slash divides or stands in a text', () => {
    const text = [
      '#!/usr/bin/env node',
      'const half = total / 2 / count; // a / b / c',
      "const path = '/a/' + `/§{half / 2}/§{x ? /in[/]hole/u : `/§{1}/`}/`;",
      'const test = (text: string) => /a\\/b/i.test(text) && !/[/"`]+/.exec(text);',
      '/* /no/ */ return /last/g;',
    ]
      .join('\n')
      .replaceAll('§', '$');
    expect(patternsIn(text).map(({ source, flags, line }) => `${line} /${source}/${flags}`)).to.deep.equal([
      '3 /in[/]hole/u',
      '4 /a\\/b/i',
      '4 /[/"`]+/',
      '5 /last/g',
    ]);
    const all = files.flatMap((file) => patternsIn(file.text));
    expect(all).to.have.length.above(130);
    for (const { source, flags } of all) expect(() => new RegExp(source, flags)).to.not.throw();
  });

  it('are put together only where it is said here of what', () => {
    const made = files.filter(({ text }) => /\bRegExp\(/.test(text)).map(({ path }) => path);
    expect(made.sort()).to.deep.equal(Object.keys(MADE).sort());
    expect(MADE['mappings/fhir/validation/primitives.ts']).to.have.length(4);
    expect(Object.values(MADE).flat().join()).to.not.contain('no ');
  });

  it('take no longer than in proportion to what they read', async () => {
    const faults: string[] = [];
    for (const { path, text } of files) {
      for (const { source, flags, line } of patternsIn(text)) {
        const fault = await faultOf(source, flags);
        if (fault !== null) faults.push(`${path}:${line} /${source}/${flags}: ${fault}`);
      }
    }
    for (const [path, sources] of Object.entries(MADE)) {
      for (const source of sources) {
        const fault = await faultOf(source, '');
        if (fault !== null) faults.push(`${path} /${source}/: ${fault}`);
      }
    }
    expect(faults).to.deep.equal([]);
  });

  it('are judged: one that is not in proportion is found', async () => {
    expect(await faultOf('^(a+)+$', '')).to.contain('exponential');
    expect(await faultOf('/+$', '')).to.contain('2nd degree');
  });
});
