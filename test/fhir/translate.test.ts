import { expect } from 'chai';
import fc from 'fast-check';
import type {
  Bundle,
  Coding,
  ConceptMap,
  OperationOutcome,
  Parameters,
  ParametersParameter,
} from 'fhir/r4.js';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import { TRANSLATE_PARAMETERS } from '../../src/fhir/translate-parameters.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { type Answered, resourcesOf, type Served, serve } from '../support/served-front.ts';

const RVSQ_REASON = 'https://passerelle.example/fhir/ConceptMap/rvsq-reason';
const RVSQ_SYSTEM = 'urn:passerelle:rvsq:consulting-reason';
const URGENT = '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e01';
const CHILDREN = '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e04';

/** Nothing that ships has all of this. */
const INLINE: ConceptMap = {
  resourceType: 'ConceptMap',
  status: 'draft',
  url: 'urn:test:map',
  group: [
    {
      source: 'urn:a',
      sourceVersion: '2',
      target: 'urn:b',
      targetVersion: '7',
      element: [
        {
          code: 'one',
          display: 'Un',
          target: [
            {
              code: '1',
              equivalence: 'wider',
              product: [{ property: 'urn:unit', system: 'urn:u', value: 'piece', display: 'pièce' }],
            },
            { code: '1a', equivalence: 'inexact' },
            { code: '1x', equivalence: 'equal', dependsOn: [{ property: 'urn:age', value: 'child' }] },
          ],
        },
        { code: 'none', target: [{ equivalence: 'unmatched', comment: 'nothing like it' }] },
        { code: 'not', target: [{ code: '9', equivalence: 'disjoint' }] },
        { code: 'bare' },
      ],
      unmapped: { mode: 'fixed', code: 'other' },
    },
  ],
};

describe('fhir: ConceptMap/$translate', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  const get = (query: Record<string, string>, at = 'ConceptMap'): Promise<Answered> =>
    served.request('GET', `/fhir/${at}/$translate?${new URLSearchParams(query)}`);
  const post = (parameter: ParametersParameter[], at = 'ConceptMap'): Promise<Answered> =>
    served.request('POST', `/fhir/${at}/$translate`, { body: { resourceType: 'Parameters', parameter } });
  const of = (list: readonly ParametersParameter[] = [], name = '') =>
    list.find((each) => each.name === name);

  type Shown = { result: boolean | undefined; message: string | undefined; matches: unknown[] };
  const shown = ({ status, text, json }: Answered): Shown => {
    expect(status, text).to.equal(200);
    expect(faultsOf(json())).to.deep.equal([]);
    const { parameter = [] } = json<Parameters>();
    return {
      result: of(parameter, 'result')?.valueBoolean,
      message: of(parameter, 'message')?.valueString,
      matches: parameter
        .filter(({ name }) => name === 'match')
        .map(({ part }) => [
          of(part, 'equivalence')?.valueCode,
          of(part, 'concept')?.valueCoding?.code,
          of(part, 'source')?.valueUri,
        ]),
    };
  };
  const inline = (coding: Coding, ...more: ParametersParameter[]): Promise<Answered> =>
    post([{ name: 'conceptMap', resource: INLINE }, { name: 'coding', valueCoding: coding }, ...more]);

  it('translates by the map that is named, by GET and by POST, and on the map itself', async () => {
    const expected: Shown = {
      result: true,
      message: undefined,
      matches: [['equivalent', 'urgent', RVSQ_REASON]],
    };
    const code = { system: RVSQ_SYSTEM, code: URGENT };
    expect(shown(await get({ url: RVSQ_REASON, ...code }))).to.deep.equal(expected);
    expect(shown(await get(code, 'ConceptMap/rvsq-reason'))).to.deep.equal(expected);
    expect(shown(await get({ url: RVSQ_REASON, conceptMapVersion: '1.0.0', ...code }))).to.deep.equal(
      expected,
    );
    const coding = { name: 'coding', valueCoding: code };
    expect(shown(await post([{ name: 'url', valueUri: RVSQ_REASON }, coding]))).to.deep.equal(expected);
    expect(shown(await post([coding], 'ConceptMap/rvsq-reason'))).to.deep.equal(expected);
  });

  it('finds the map by the systems, or by the value sets, where none is named', async () => {
    const code = { system: RVSQ_SYSTEM, code: URGENT };
    for (const more of [
      {},
      { targetsystem: SYSTEM.reason },
      { target: 'https://passerelle.example/fhir/ValueSet/reason' },
      { source: 'rvsq-reason', target: 'ValueSet/reason' },
    ]) {
      expect(shown(await get({ ...code, ...more })).matches, JSON.stringify(more)).to.have.length(1);
    }
    for (const more of [{ targetsystem: SYSTEM.mode }, { target: 'mode' }, { source: 'ValueSet/mode' }]) {
      const { result, matches } = shown(await get({ ...code, ...more }));
      expect([result, matches], JSON.stringify(more)).to.deep.equal([false, []]);
    }
  });

  it('translates a concept by any of its codings', async () => {
    const coding = [{ text: 'x' }, { system: 'urn:x', code: 'y' }, { system: RVSQ_SYSTEM, code: CHILDREN }];
    const answer = await post([{ name: 'codeableConcept', valueCodeableConcept: { coding } }]);
    expect(shown(answer).matches).to.deep.equal([['wider', 'paediatric-follow-up', RVSQ_REASON]]);
  });

  it('goes back from our code to those of every platform', async () => {
    const { result, matches } = shown(
      await get({ system: SYSTEM.reason, code: 'paediatric-follow-up', reverse: 'true' }),
    );
    expect(result).to.equal(true);
    expect(matches).to.deep.include(['narrower', CHILDREN, RVSQ_REASON]);
    expect(matches.length).to.be.at.least(2);
    const one = await get({
      system: SYSTEM.reason,
      code: 'urgent',
      reverse: 'true',
      targetsystem: RVSQ_SYSTEM,
    });
    expect(shown(one).matches).to.deep.equal([['equivalent', URGENT, RVSQ_REASON]]);
    const named = {
      system: SYSTEM.reason,
      code: 'urgent',
      reverse: 'true',
      source: 'reason',
      target: 'rvsq-reason',
    };
    expect(shown(await get(named)).matches).to.have.length(1);
  });

  it('says that a code has no counterpart, in French and English, and guesses none', async () => {
    const unknown = await get({ url: RVSQ_REASON, system: RVSQ_SYSTEM, code: 'x' });
    expect(shown(unknown)).to.deep.equal({
      result: false,
      message: 'The code is not in the map.',
      matches: [],
    });
    expect(unknown.text).to.contain('Ce code n’est pas dans la table.');
    const elsewhere = shown(await get({ system: 'urn:nobody', code: 'x' }));
    expect(elsewhere.message).to.contain('No map');
    // What a map would have for any code that is not in it is not followed by the mirror, nor told here.
    expect(shown(await inline({ system: 'urn:a', code: 'other' })).result).to.equal(false);
  });

  it('takes the map that the caller brings, with what it excludes and what it makes besides', async () => {
    const answer = await inline({ system: 'urn:a', version: '2', code: 'one' });
    expect(shown(answer).matches).to.deep.equal([
      ['wider', '1', 'urn:test:map'],
      ['inexact', '1a', 'urn:test:map'],
    ]);
    const { parameter } = answer.json<Parameters>();
    const { part } = of(parameter, 'match') ?? {};
    expect(of(part, 'concept')?.valueCoding).to.deep.equal({ system: 'urn:b', version: '7', code: '1' });
    expect(of(part, 'product')?.part).to.deep.equal([
      { name: 'element', valueUri: 'urn:unit' },
      { name: 'concept', valueCoding: { system: 'urn:u', code: 'piece', display: 'pièce' } },
    ]);
    expect(shown(await inline({ system: 'urn:a', code: 'none' }))).to.deep.equal({
      result: false,
      message: 'The map says that the code has no equivalent.',
      matches: [['unmatched', undefined, 'urn:test:map']],
    });
    expect(shown(await inline({ system: 'urn:a', code: 'not' })).result).to.equal(false);
    expect(shown(await inline({ system: 'urn:a', code: 'bare' })).result).to.equal(false);
    expect(shown(await inline({ system: 'urn:a', version: '1', code: 'one' })).matches).to.deep.equal([]);
    const back = await inline({ system: 'urn:b', code: '1' }, { name: 'reverse', valueBoolean: true });
    expect(shown(back).matches).to.deep.equal([['narrower', 'one', 'urn:test:map']]);
    expect(back.text).to.contain('Un').and.to.not.contain('product');
  });

  it('says of every code of every table what the mirror makes of it', async () => {
    const bundle = (await served.request('GET', '/fhir/ConceptMap')).json<Bundle>();
    for (const map of resourcesOf<ConceptMap>(bundle)) {
      const used = codeMaps([map]).map(map.id ?? '');
      for (const { source = '', element } of map.group ?? []) {
        for (const { code = '' } of element) {
          const { matches } = shown(await get({ system: source, code }, `ConceptMap/${map.id}`));
          expect(matches[0], `${map.id} ${code}`).to.deep.include(used.toOurs(code));
        }
      }
    }
  });

  const coded = { name: 'coding', valueCoding: { system: 'urn:a', code: 'one' } };
  const REFUSED: Readonly<Record<string, [parameter: unknown, status: number, at: string, code: string]>> = {
    'nothing to translate': [[], 400, "where(name='code')", 'value'],
    'a code without its system': [[{ name: 'code', valueCode: 'x' }], 400, "where(name='system')", 'value'],
    'a coding without its system': [
      [{ name: 'coding', valueCoding: { code: 'x' } }],
      400,
      "'coding'",
      'value',
    ],
    'a code and a coding': [
      [{ name: 'code', valueCode: 'x' }, { name: 'system', valueUri: 'urn:a' }, coded],
      400,
      "where(name='code')",
      'value',
    ],
    'a concept of words only': [
      [{ name: 'codeableConcept', valueCodeableConcept: { coding: [{ display: 'x' }] } }],
      400,
      "'codeableConcept'",
      'value',
    ],
    'a dependency': [
      [coded, { name: 'dependency', part: [{ name: 'element', valueUri: 'urn:age' }] }],
      400,
      "'dependency'",
      'not-supported',
    ],
    'a map that nobody knows': [[{ name: 'url', valueUri: 'urn:x' }, coded], 404, "'url'", 'not-found'],
    'a version that nobody knows': [
      [{ name: 'url', valueUri: RVSQ_REASON }, { name: 'conceptMapVersion', valueString: '9' }, coded],
      404,
      "'url'",
      'not-found',
    ],
    'two maps': [
      [{ name: 'url', valueUri: RVSQ_REASON }, { name: 'conceptMap', resource: INLINE }, coded],
      400,
      "'conceptMap'",
      'value',
    ],
    'a map that is none': [
      [{ name: 'conceptMap', resource: { ...INLINE, group: [{ source: 'urn:a' }] } }, coded],
      400,
      "'conceptMap'",
      'value',
    ],
    'another resource for a map': [
      [{ name: 'conceptMap', resource: { resourceType: 'ValueSet' } }, coded],
      400,
      'parameter[0]',
      'value',
    ],
    'a parameter of another type': [[{ name: 'url', valueString: 'x' }, coded], 400, 'parameter[0]', 'value'],
    'a parameter twice': [[coded, coded], 400, "'coding'", 'value'],
    'a parameter that R4 does not have': [
      [coded, { name: 'result', valueBoolean: true }],
      400,
      '[1]',
      'value',
    ],
    'a list that is none': ['x', 400, 'Parameters', 'structure'],
  };
  for (const [title, [parameter, status, at, code]] of Object.entries(REFUSED)) {
    it(`refuses ${title}`, async () => {
      const body = { resourceType: 'Parameters', parameter };
      const answer = await served.request('POST', '/fhir/ConceptMap/$translate', { body });
      expect(answer.status, answer.text).to.equal(status);
      const [issue] = answer.json<OperationOutcome>().issue;
      expect(issue).to.include({ severity: 'error', code });
      expect(issue?.expression?.[0]).to.contain(at);
      expect(faultsOf(answer.json())).to.deep.equal([]);
    });
  }

  it('refuses another map than that of the address, and one that is not there', async () => {
    const code = { system: RVSQ_SYSTEM, code: URGENT };
    expect((await get({ url: 'urn:x', ...code }, 'ConceptMap/rvsq-reason')).status).to.equal(400);
    expect((await get({ url: RVSQ_REASON, ...code }, 'ConceptMap/rvsq-reason')).status).to.equal(200);
    expect(
      (await post([{ name: 'conceptMap', resource: INLINE }, coded], 'ConceptMap/rvsq-mode')).status,
    ).to.equal(400);
    expect((await get(code, 'ConceptMap/nothing')).status).to.equal(404);
    expect((await get({ ...code, coding: 'x' })).status).to.equal(400);
  });

  it('answers whatever is sent', async () => {
    const value = fc.oneof(
      fc.constant(INLINE),
      fc.constant({ system: 'urn:a', code: 'one' }),
      fc.jsonValue(),
    );
    const key = fc.constantFrom(
      'valueUri',
      'valueCode',
      'valueCoding',
      'valueBoolean',
      'valueCodeableConcept',
      'resource',
    );
    const name = fc.constantFrom(...TRANSLATE_PARAMETERS.map((each) => each.name));
    const parameter = fc.tuple(name, key, value).map(([named, as, given]) => ({ name: named, [as]: given }));
    const parameters = fc
      .array(parameter, { maxLength: 4 })
      .map((list) => ({ resourceType: 'Parameters', parameter: list }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(parameters, fc.jsonValue()), async (body) => {
        const { status, text } = await served.request('POST', '/fhir/ConceptMap/$translate', { body });
        expect(status, text).to.be.oneOf([200, 400, 404]);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});
