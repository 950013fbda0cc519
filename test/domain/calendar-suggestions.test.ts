import { expect } from 'chai';
import { type Described, type Linkable, suggestLinks } from '../../src/domain/calendar-suggestions.ts';
import { likeness, nameOf, spoken } from '../../src/domain/person-names.ts';
import type { Practitioner } from '../../src/domain/schedule.ts';

/** Made-up doctors, with names as they are in Québec. */

const LICENCE = 'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-license-physician';

const doctor = (id: string, given: string, family: string, licence?: string): Practitioner => ({
  ...{ id, given, family, prefix: null },
  identifiers: licence === undefined ? [] : [{ system: LICENCE, value: licence }],
});

describe('the likeness of two names', () => {
  const cases: readonly (readonly [said: string, given: string, family: string, likeness: string | null])[] =
    [
      ['Alice Côté', 'Alice', 'Côté', 'name'],
      ['COTE, Alice', 'Alice', 'Côté', 'name'],
      ['Dre Alice Côté', 'Alice', 'Côté', 'name'],
      ['Côté Alice, MD', 'Alice', 'Côté', 'name'],
      ['Docteure alice cote', 'Alice', 'Côté', 'name'],
      ['Jean François Lévesque', 'Jean-François', 'Lévesque', 'name'],
      ['Jeanfrançois Lévesque', 'Jean-François', 'Lévesque', 'name'],
      ['Marie-Ève Saint-Onge', 'Marie-Ève', 'St-Onge', 'name'],
      ['Ste-Marie, Noémie', 'Noémie', 'Sainte-Marie', 'name'],
      ["Zoé L'Écuyer", 'Zoé', 'L’Écuyer', 'name'],
      ['Leblanc Ève', 'Ève', 'Le Blanc', 'name'],
      ['Brœmer Loïc', 'Loïc', 'Broemer', 'name'],
      ['Nguyễn Thị Linh', 'Thị Linh', 'Nguyen', 'name'],
      ['Đặng Minh', 'Minh', 'Dang', 'name'],
      ['Côté Alice', 'Alice', 'Cote\u0301', 'name'],
      // Initials, of given names alone.
      ['J.-F. Lévesque', 'Jean-François', 'Lévesque', 'similar'],
      ['Lévesque JF', 'Jean-François', 'Lévesque', 'similar'],
      ['Dr J Lévesque', 'Jean-François', 'Lévesque', 'similar'],
      ['Jean Lévesque', 'Jean-François', 'Lévesque', 'similar'],
      ['M. Lévesque', 'Jean-François', 'Lévesque', null],
      ['F.-J. Lévesque', 'Jean-François', 'Lévesque', null],
      ['Pierre Lévesque', 'Jean-François', 'Lévesque', null],
      // A part of a compound family name, with the whole given name only.
      ['Sofia Bélanger', 'Sofia', 'Bélanger-Roy', 'similar'],
      ['Sofia Roy', 'Sofia', 'Bélanger-Roy', 'similar'],
      ['S. Roy', 'Sofia', 'Bélanger-Roy', null],
      ['Bélanger-Roy', 'Sofia', 'Bélanger-Roy', 'similar'],
      // The family name alone, and other words.
      ['Dre Côté', 'Alice', 'Côté', 'similar'],
      ['Agenda Dre Alice Côté – Clinique du Parc', 'Alice', 'Côté', 'similar'],
      ['Clinique Côté', 'Alice', 'Côté', null],
      // A slip of the pen, in names that are long enough.
      ['Alexandra Trembley', 'Alexandra', 'Tremblay', 'similar'],
      ['Alexandra Tremlbay', 'Alexandra', 'Tremblay', 'similar'],
      ['Alexandra Trembay', 'Alexandra', 'Tremblay', 'similar'],
      ['Alexandra Tremblays', 'Alexandra', 'Tremblay', 'similar'],
      ['Alexandre Trembley', 'Alexandra', 'Tremblay', null],
      ['Ann Roy', 'Anne', 'Roy', null],
      ['', 'Alice', 'Côté', null],
      ['Dr', 'Alice', 'Côté', null],
      ['Salle 2', 'Alice', 'Côté', null],
      ['Côté', 'Alice', '—', null],
    ];
  for (const [said, given, family, expected] of cases) {
    it(`«${said}» for ${given} ${family}: ${expected ?? 'somebody else'}`, () => {
      expect(likeness(spoken(said), nameOf({ family, given }))).to.equal(expected);
    });
  }
});

describe('suggestions of whose a calendar is', () => {
  const COTE = doctor('dre-cote', 'Alice', 'Côté', '12345');
  const LEVESQUE = doctor('dr-levesque', 'Jean-François', 'Lévesque');
  const MARIE = doctor('dre-roy', 'Marie', 'Roy');
  const MARC = doctor('dr-roy', 'Marc', 'Roy');

  const schedule = (id: string, practitionerId: string, locationName: string | null = null) => ({
    ...{ id, practitionerId, locationName },
  });
  const calendar = (
    id: string,
    practitionerName: string | null,
    more: Partial<Described> = {},
  ): Described => ({
    ...{ id, practitionerName, name: null, identifiers: [], location: null },
    ...more,
  });
  const licence = (value: string, system = LICENCE) => ({ identifiers: [{ system, value }] });

  const suggested = (
    calendars: readonly Described[],
    to: Linkable,
    linked: readonly (readonly [string, string])[] = [],
  ) =>
    Object.fromEntries(
      [...suggestLinks(calendars, to, new Map(linked))].map(
        ([id, { schedule: to, practitioner, because }]) => [id, `${practitioner} ${to ?? '-'} ${because}`],
      ),
    );

  const ONE: Linkable = { practitioners: [COTE, LEVESQUE], schedules: [schedule('cote-parc', 'dre-cote')] };

  it('go by the licence number before all else', () => {
    expect(suggested([calendar('a', 'Lévesque Jean-François', licence('12345'))], ONE)).to.deep.equal({
      a: 'dre-cote cote-parc identifier',
    });
  });

  it('make nothing of another licence, whatever the name, nor of a number in another system', () => {
    expect(suggested([calendar('a', 'Alice Côté', licence('99999'))], ONE)).to.deep.equal({});
    expect(suggested([calendar('a', null, licence('12345', 'urn:oid:1.2.3'))], ONE)).to.deep.equal({});
    expect(suggested([calendar('a', 'Alice Côté', licence('99999', 'urn:oid:1.2.3'))], ONE)).to.deep.equal({
      a: 'dre-cote cote-parc name',
    });
  });

  it('go by the name of the calendar where the platform does not say whose it is', () => {
    expect(suggested([calendar('a', null, { name: 'Dre Alice Côté' })], ONE)).to.deep.equal({
      a: 'dre-cote cote-parc name',
    });
    expect(suggested([calendar('a', null)], ONE)).to.deep.equal({});
    // A name of a person is surer than what the calendar is called.
    expect(suggested([calendar('a', 'Zoé Autre', { name: 'Alice Côté' })], ONE)).to.deep.equal({});
  });

  it('name the practitioner alone who has no schedule yet', () => {
    expect(suggested([calendar('a', 'J.-F. Lévesque')], ONE)).to.deep.equal({ a: 'dr-levesque - similar' });
  });

  it('make nothing of what may be two people, and everything of the one whose name it is', () => {
    const roys = {
      practitioners: [MARIE, MARC],
      schedules: [schedule('m', 'dre-roy'), schedule('c', 'dr-roy')],
    };
    expect(suggested([calendar('a', 'M. Roy'), calendar('b', 'Dr Roy')], roys)).to.deep.equal({});
    expect(suggested([calendar('a', 'ROY MARC'), calendar('b', 'M. Roy')], roys)).to.deep.equal({
      a: 'dr-roy c name',
    });
  });

  it('suggest each doctor once, and the surest calendar', () => {
    const alike = [calendar('a', 'Alice Côté'), calendar('b', 'Côté, Alice')];
    expect(suggested(alike, ONE)).to.deep.equal({});
    expect(suggested([...alike, calendar('c', 'A. Côté')], ONE), 'not the third either').to.deep.equal({});
    expect(suggested([calendar('a', 'A. Côté'), calendar('b', 'Alice Côté')], ONE)).to.deep.equal({
      b: 'dre-cote cote-parc name',
    });
    const without = { practitioners: [LEVESQUE], schedules: [] };
    const two = [calendar('a', 'Jean-François Lévesque'), calendar('b', 'Lévesque Jean-François')];
    expect(suggested(two, without)).to.deep.equal({});
  });

  it('tell the schedules of a doctor apart by the place', () => {
    const both: Linkable = {
      practitioners: [COTE],
      schedules: [
        schedule('cote-parc', 'dre-cote', 'Clinique du Parc'),
        schedule('cote-rive', 'dre-cote', 'Clinique de la Rive'),
      ],
    };
    const at = (id: string, location: string | null) => calendar(id, 'Alice Côté', { location });
    const there = [at('a', 'CLINIQUE DE LA RIVE'), at('b', 'clinique du parc')];
    expect(suggested(there, both)).to.deep.equal({
      a: 'dre-cote cote-rive name',
      b: 'dre-cote cote-parc name',
    });
    expect(suggested([at('a', null)], both)).to.deep.equal({ a: 'dre-cote - name' });
    expect(suggested([at('a', null), at('b', 'Clinique du Parc')], both)).to.deep.equal({});
    // What is linked is not suggested again, so that one is left.
    expect(suggested([at('a', null), at('b', null)], both, [['b', 'cote-parc']])).to.deep.equal({
      a: 'dre-cote cote-rive name',
    });
    // The surer one takes its place, and the other has the place that is left.
    const sure = calendar('s', null, { ...licence('12345'), location: 'Clinique du Parc' });
    expect(suggested([at('a', null), sure], both)).to.deep.equal({
      s: 'dre-cote cote-parc identifier',
      a: 'dre-cote cote-rive name',
    });
  });

  it('suggest nothing for what is linked, nor for a doctor all of whose schedules are', () => {
    expect(suggested([calendar('a', 'Alice Côté')], ONE, [['a', 'cote-parc']])).to.deep.equal({});
    expect(suggested([calendar('b', 'Alice Côté')], ONE, [['a', 'cote-parc']])).to.deep.equal({});
  });
});
