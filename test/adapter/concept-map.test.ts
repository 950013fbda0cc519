import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { codeMaps, translate } from '../../src/adapter/concept-map.ts';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS } from '../../src/domain/slot.ts';
import { faultsOf } from '../support/fhir-validity.ts';

const resource = (element: unknown, id = 'm') => ({
  resourceType: 'ConceptMap',
  id,
  status: 'active',
  group: [{ source: 'urn:theirs', target: 'urn:ours', element }],
});
const mapOf = (element: unknown) => codeMaps([resource(element)]).map('m');

describe('concept maps', () => {
  it('leads from their code to ours, and back to the first of theirs', () => {
    const map = mapOf([
      { code: 'A', target: [{ code: 'urgent', equivalence: 'equivalent' }] },
      { code: 'B', target: [{ code: 'urgent', equivalence: 'narrower' }] },
    ]);
    expect([map.toOurs('A'), map.toOurs('B'), map.toTheirs('urgent')]).to.deep.equal([
      'urgent',
      'urgent',
      'A',
    ]);
    expect([map.toOurs('C'), map.toTheirs('other')]).to.deep.equal([null, null]);
  });

  it('takes any valid R4 equivalence, and follows only those that allow it', () => {
    const map = mapOf([
      { code: 'none', target: [{ equivalence: 'unmatched' }] },
      { code: 'not', target: [{ code: 'urgent', equivalence: 'disjoint' }] },
      { code: 'bare' },
      {
        code: 'second',
        target: [
          { code: 'urgent', equivalence: 'inexact' },
          { code: 'semi-urgent', equivalence: 'equal' },
        ],
      },
    ]);
    expect(['none', 'not', 'bare', 'second'].map(map.toOurs)).to.deep.equal([
      null,
      null,
      null,
      'semi-urgent',
    ]);
  });

  it('refuses what is no ConceptMap, and names a map that is missing', () => {
    expect(() => codeMaps([{ resourceType: 'ValueSet' }])).to.throw();
    expect(() => codeMaps([]).map('rvsq-reason')).to.throw('rvsq-reason');
    expect(mapOf([]).toOurs('__proto__')).to.equal(null);
  });

  it('translates a list whole or not at all, and tells of each unmapped code', () => {
    const map = mapOf([
      { code: 'A', target: [{ code: 'urgent', equivalence: 'equal' }] },
      { code: 'B', target: [{ code: 'elsewhere', equivalence: 'equal' }] },
    ]);
    const unmapped: string[] = [];
    const told = (code: string) => unmapped.push(code);
    expect(translate(null, map, REASONS, told)).to.equal(null);
    expect(translate([], map, REASONS, told)).to.deep.equal([]);
    expect(translate(['A', 'A'], map, REASONS, told)).to.deep.equal(['urgent']);
    expect(unmapped).to.deep.equal([]);
    expect(translate(['A', 'B', 'C'], map, REASONS, told)).to.equal(null);
    expect(unmapped).to.deep.equal(['B', 'C']);
  });

  const systems: Record<string, string> = SYSTEM;
  const expected = {
    eligibility: ELIGIBILITIES,
    reason: REASONS,
    reorientation: REORIENTATIONS,
    mode: MODES,
  };
  for (const platform of ['bonjour-sante', 'rvsq']) {
    describe(`of ${platform}`, () => {
      const folder = new URL(`../../mappings/${platform}/`, import.meta.url);
      const files = readdirSync(folder).map((name) =>
        JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
      );
      const maps = codeMaps(files);

      it('are valid R4', () => {
        for (const file of files) expect(faultsOf(file), file.id).to.deep.equal([]);
      });

      for (const [attribute, values] of Object.entries(expected)) {
        it(`${attribute}: lead to our codes only, and both ways`, () => {
          const file = files.find(({ id }) => id === `${platform}-${attribute}`);
          expect(file.group.map(({ target }: { target: string }) => target)).to.deep.equal([
            systems[attribute],
          ]);
          const map = maps.map(`${platform}-${attribute}`);
          const unreachable = values.filter((value) => map.toTheirs(value) === null);
          // RVSQ's public words know no visit that comes from 911.
          expect(unreachable).to.deep.equal(
            platform === 'rvsq' && attribute === 'reorientation' ? ['911'] : [],
          );
          for (const value of values) {
            const code = map.toTheirs(value);
            if (code !== null) expect(map.toOurs(code)).to.equal(value);
          }
        });
      }
    });
  }
});
