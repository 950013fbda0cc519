import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { LISTS, type ListName } from '../../../src/config/document.ts';
import {
  type Edit,
  type Entry,
  edited,
  editText,
  NotEditable,
  NothingToRemove,
} from '../../../src/config/editing/edit.ts';
import { SEED } from '../../domain/arbitraries.ts';

const exampleOf = (name: string): string =>
  readFileSync(new URL(`../../../examples/${name}.yaml`, import.meta.url), 'utf8');

const EXAMPLES = ['clinic', 'radicale-home', 'by-hand', 'notices'].map(exampleOf);
const [CLINIC = ''] = EXAMPLES;

const itemOf = (text: string, list: ListName, id: string): Entry =>
  parse(text)[list].find((each: Entry) => each['id'] === id);

const put = (list: ListName, value: Entry): Edit => ({ kind: 'put', list, id: String(value['id']), value });

/** The lines of the one that the other has not. */
function linesBeside(text: string, other: string): string[] {
  const known = other.split('\n');
  return text.split('\n').filter((line) => !known.includes(line));
}

describe('an edit of the configuration file', () => {
  it('leaves the text as it is where it says what is there already', () => {
    for (const text of EXAMPLES) {
      for (const list of LISTS) {
        for (const value of parse(text)[list]) expect(editText(text, put(list, value))).to.equal(text);
      }
      expect(editText(text, { kind: 'organization', value: parse(text).organization })).to.equal(text);
    }
  });

  it('changes the lines of what it is about, with their comments, quotes and references', () => {
    const connection = itemOf(CLINIC, 'connections', 'bonjour-sante');
    const text = editText(CLINIC, put('connections', { ...connection, pollSeconds: 90 }));
    expect(linesBeside(CLINIC, text)).to.deep.equal(['    pollSeconds: 60']);
    expect(linesBeside(text, CLINIC)).to.deep.equal(['    pollSeconds: 90']);
  });

  it('puts what is new behind the others, a reference on one line', () => {
    const value = {
      id: 'rvsq-2',
      platform: 'rvsq',
      settings: { apiKey: { file: 'rvsq-2.apiKey' } },
      calendars: [{ id: '4711', schedule: 'tremblay-consultation', topology: 'block' }],
    };
    const text = editText(CLINIC, put('connections', value));
    expect(text.startsWith(CLINIC)).to.equal(true);
    expect(text.slice(CLINIC.length)).to.equal(`  - id: rvsq-2
    platform: rvsq
    settings:
      apiKey: { file: rvsq-2.apiKey }
    calendars:
      - id: "4711"
        schedule: tremblay-consultation
        topology: block
`);
  });

  it('finds calendars by their id, in whatever order they come', () => {
    const connection = itemOf(CLINIC, 'connections', 'rvsq');
    const calendars = [...(connection['calendars'] as Entry[])].reverse().slice(1);
    const text = editText(CLINIC, put('connections', { ...connection, calendars }));
    expect(itemOf(text, 'connections', 'rvsq')['calendars']).to.deep.equal(calendars);
    expect(linesBeside(text, CLINIC)).to.deep.equal([]);
  });

  it('removes what has the id, and nothing else', () => {
    const text = editText(CLINIC, { kind: 'remove', list: 'connections', id: 'bonjour-sante' });
    expect(itemOf(text, 'connections', 'bonjour-sante')).to.equal(undefined);
    expect(linesBeside(text, CLINIC)).to.deep.equal([]);
    expect(() => editText(text, { kind: 'remove', list: 'connections', id: 'bonjour-sante' })).to.throw(
      NothingToRemove,
    );
  });

  it('begins a file that is empty', () => {
    const value = { id: 'parc', name: 'Clinique du Parc' };
    expect(editText('', { kind: 'organization', value })).to.equal(
      'organization:\n  id: parc\n  name: Clinique du Parc\n',
    );
    expect(editText('locations: []\n', put('locations', value))).to.equal(
      'locations:\n  - id: parc\n    name: Clinique du Parc\n',
    );
  });

  it('changes the organization, and of several the one with its id', () => {
    const text = editText(CLINIC, { kind: 'organization', value: { id: 'clinique-du-parc', name: 'Autre' } });
    expect(linesBeside(text, CLINIC)).to.deep.equal(['  name: Autre']);
    const two = 'organizations:\n  - { id: a, name: A }\n  - { id: b, name: B } # la deuxième\n';
    expect(editText(two, { kind: 'organization', value: { id: 'b', name: 'C' } })).to.equal(
      'organizations:\n  - { id: a, name: A }\n  - { id: b, name: C } # la deuxième\n',
    );
  });

  it('writes out what was an alias of what it changes or removes', () => {
    const text = `services:
  - &one { id: one, name: { fr: Un, en: One }, specialty: &codes [{ system: s, code: c, display: d }] }
  - { id: two, name: { fr: Deux, en: Two }, specialty: *codes }
`;
    const two = itemOf(text, 'services', 'two');
    const one = { id: 'one', name: { fr: 'Un', en: 'One' } };
    for (const edit of [put('services', one), { kind: 'remove', list: 'services', id: 'one' } as const]) {
      expect(itemOf(editText(text, edit), 'services', 'two')).to.deep.equal(two);
    }
    const changed = editText(text, put('services', { ...two, specialty: [] }));
    expect(itemOf(changed, 'services', 'one')).to.deep.equal(itemOf(text, 'services', 'one'));
  });

  it('is not made of what is no YAML, or no mapping', () => {
    for (const text of ['a: [', '- a', 'connections: 1', 'connections: { id: x }']) {
      expect(() => editText(text, put('connections', { id: 'x' })), text).to.throw(NotEditable);
    }
  });

  const json = fc.jsonValue({ maxDepth: 3 });
  const id = fc.oneof(
    fc.constantFrom('clinique-du-parc', 'dr-tremblay', 'rvsq', '1'),
    fc.string({ minLength: 1 }),
  );
  const entry = fc
    .tuple(id, fc.dictionary(fc.string(), json, { maxKeys: 5 }))
    .map(([key, rest]): Entry => ({ ...rest, id: key }));
  const edit = fc.oneof(
    fc.tuple(fc.constantFrom(...LISTS), entry).map(([list, value]) => put(list, value)),
    entry.map((value): Edit => ({ kind: 'organization', value })),
  );

  it('reads back as what it says, and all else as it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', ...EXAMPLES),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (text, edits) => {
          let [result, expected] = [text, parse(text) ?? {}];
          for (const each of edits) {
            result = editText(result, each);
            expected = edited(expected, each);
            expect(parse(result)).to.deep.equal(expected);
          }
          for (const [, comment = ''] of text.matchAll(/^(#.*)$/gm)) expect(result).to.contain(comment);
        },
      ),
      { seed: SEED, numRuns: 100 },
    );
  });
});
