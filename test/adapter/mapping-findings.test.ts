import { expect } from 'chai';
import { ConceptMapError } from '../../src/adapter/concept-map.ts';
import { findingsOf, ourCodes } from '../../src/adapter/mapping-findings.ts';
import { codeTables, mappedPlatforms, profiles } from '../../src/system/mappings.ts';

const SYSTEM = 'https://passerelle.example/fhir/CodeSystem/mode';
const ours = ourCodes([
  { resourceType: 'CodeSystem', url: SYSTEM, concept: [{ code: 'office' }, { code: 'phone' }] },
  { resourceType: 'ValueSet', url: 'of something else' },
]);
const mapOf = (element: readonly object[], target = SYSTEM) => ({
  resourceType: 'ConceptMap',
  id: 'acme-mode',
  group: [{ source: 'urn:acme', target, element }],
});
const to = (code: string, target: string, equivalence = 'equivalent') => ({
  code,
  target: [{ code: target, equivalence }],
});

describe('what is found in a ConceptMap', () => {
  it('is nothing where every code has a target or is listed as unmatched', () => {
    const unmatched = {
      code: 'FAX',
      target: [{ equivalence: 'unmatched', comment: 'nobody is seen by fax' }],
    };
    expect(findingsOf(mapOf([to('OFF', 'office'), to('TEL', 'phone'), unmatched]), ours)).to.deep.equal({
      map: 'acme-mode',
      ...{ mapped: 2, unmapped: ['FAX'], problems: [], notes: [] },
    });
  });

  it('is each code that leads to nothing without saying so', () => {
    const loose = [{ code: 'A' }, { code: 'B', target: [] }, to('C', 'phone', 'inexact')];
    const { problems } = findingsOf(mapOf([to('OFF', 'office'), to('TEL', 'phone'), ...loose]), ours);
    expect(problems.map((problem) => problem.split(' ')[0])).to.deep.equal(['A', 'B', 'C']);
  });

  it('is a target that is none of ours, a code that is there twice, and another system', () => {
    const { problems } = findingsOf(
      mapOf([to('OFF', 'desk'), to('TEL', 'phone'), to('TEL', 'office')]),
      ours,
    );
    expect(problems).to.deep.equal([
      'TEL is there twice: the last counts',
      `OFF leads to desk, which is no code of ${SYSTEM}`,
    ]);
    expect(findingsOf(mapOf([], 'urn:elsewhere'), ours).problems).to.deep.equal([
      'urn:elsewhere is no CodeSystem of Passerelle',
    ]);
  });

  it('is the same of statuses of FHIR, of which none needs to be reached', () => {
    const { problems, notes, mapped } = findingsOf(
      mapOf(
        [to('Scheduled', 'booked'), to('Here', 'booked'), to('Lost', 'gone')],
        'http://hl7.org/fhir/appointmentstatus',
      ),
      ours,
    );
    expect({ mapped, notes }).to.deep.equal({ mapped: 3, notes: [] });
    expect(problems).to.deep.equal([
      'Lost leads to gone, which is no code of http://hl7.org/fhir/appointmentstatus',
    ]);
  });

  it('is noted of a code of ours that nothing leads to, and of one that several lead to', () => {
    const { notes, problems } = findingsOf(mapOf([to('TEL', 'phone'), to('CELL', 'phone')]), ours);
    expect(problems).to.deep.equal([]);
    expect(notes).to.deep.equal([
      'nothing leads to office, so a slot of ours that has it is offered there without it',
      'TEL, CELL lead to phone: the first is written',
    ]);
  });

  it('is no ConceptMap at all', () => {
    expect(() => findingsOf({ resourceType: 'ConceptMap' }, ours)).to.throw(ConceptMapError);
  });

  for (const platform of mappedPlatforms()) {
    it(`is no problem in mappings/${platform}/`, () => {
      const codes = ourCodes(profiles());
      const problems = codeTables(platform).flatMap((table) => findingsOf(table, codes).problems);
      expect(problems).to.deep.equal([]);
    });
  }
});
