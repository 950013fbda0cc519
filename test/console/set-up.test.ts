import { expect } from 'chai';
import { freeId, slugOf } from '../../console/src/configuration/ids.ts';
import {
  bare,
  type Link,
  linksOf,
  personOf,
  topologiesOf,
  written,
} from '../../console/src/configuration/links.ts';
import { type Clinic, clinicOf, type FoundCalendar, nameOf } from '../../console/src/configuration/model.ts';
import { isOpen, mirrored, nextOf } from '../../console/src/set-up/steps.ts';

/** What a clinic is set up with, and whose the calendars of a platform are, without a page. */

const NOTHING: Clinic = {
  organization: null,
  organizations: [],
  locations: [],
  services: [],
  practitioners: [],
  schedules: [],
  connections: [],
};
const CLINIC: Clinic = {
  ...NOTHING,
  organization: { id: 'parc', name: 'Clinique du Parc' },
  locations: [{ id: 'parc', name: 'Clinique du Parc' }],
  services: [{ id: 'consultation', name: { fr: 'Consultation', en: 'Consultation' } }],
  practitioners: [
    { id: 'dr-tremblay', prefix: 'Dr', given: 'Alex', family: 'Tremblay' },
    { id: 'dr-nguyen', given: 'Linh', family: 'Nguyen' },
  ],
  schedules: [{ id: 'tremblay', practitioner: 'dr-tremblay', location: 'parc', service: 'consultation' }],
};
const WHERE = { location: 'parc', service: 'consultation' };
const LICENCE = { system: 'urn:oid:1.2.3', value: '12345' };

const found = (id: string, more: Partial<FoundCalendar> = {}): FoundCalendar => ({
  ...{ id, name: null, practitionerName: null, identifiers: [], location: null },
  ...{ linked: null, suggestion: null },
  ...more,
});
const ticked = (id: string, whose: Link['whose'], more: Partial<Link> = {}): Link => ({
  ...bare(id, 'block', null),
  whose,
  ...more,
});

describe('whose the calendars of a platform are', () => {
  it('ticks what is suggested, keeps what is linked, and asks who the others are', () => {
    const suggestion = { schedule: 'tremblay', practitioner: 'dr-tremblay', because: 'name' } as const;
    const links = linksOf(
      [
        found('a', { practitionerName: 'Tremblay, Alex', suggestion }),
        found('b', { practitionerName: 'Dre Camille Gagnon' }),
        found('c', { suggestion: { ...suggestion, schedule: null, practitioner: 'dr-nguyen' } }),
      ],
      [{ id: 'gone', schedule: 'tremblay', topology: 'publish' }],
      [],
      'block',
    );
    expect(links.map(({ id, isLinked, topology }) => [id, isLinked, topology])).to.deep.equal([
      ['a', true, 'block'],
      ['b', false, 'block'],
      ['c', true, 'block'],
      ['gone', true, 'publish'],
    ]);
    expect(links.map(({ whose }) => whose)).to.deep.equal([
      { kind: 'schedule', schedule: 'tremblay' },
      { kind: 'new', person: { prefix: 'Dre', given: 'Camille', family: 'Gagnon' } },
      { kind: 'practitioner', practitioner: 'dr-nguyen' },
      { kind: 'schedule', schedule: 'tremblay' },
    ]);
  });

  it('leaves what a person has decided as it is when the platform is asked again, and learns its names', () => {
    const decided = [
      ticked('a', { kind: 'practitioner', practitioner: 'dr-nguyen' }),
      ticked('typed', { kind: 'schedule', schedule: 'tremblay' }),
    ];
    const named = { ...found('a'), name: 'Salle 2' };
    const links = linksOf([named, found('b')], [], decided, 'block');
    expect(links.map(({ id }) => id)).to.deep.equal(['a', 'b', 'typed']);
    expect(links[0]).to.deep.include({ whose: decided[0]?.whose, isLinked: true, name: 'Salle 2' });
  });

  it('writes who is new before their schedule, and both before what is linked to it', () => {
    const person = personOf('Dre Camille Gagnon');
    const links = [
      ticked('a', { kind: 'schedule', schedule: 'tremblay' }),
      ticked('b', { kind: 'new', person }, { identifiers: [LICENCE] }),
      ticked('c', { kind: 'new', person }),
      ticked('d', { kind: 'practitioner', practitioner: 'dr-nguyen' }),
      { ...ticked('e', { kind: 'new', person: personOf('') }), isLinked: false },
    ];
    const { changes, calendars } = written(links, CLINIC, WHERE);
    expect(changes).to.deep.equal([
      {
        edit: 'put',
        list: 'practitioners',
        id: 'dre-gagnon',
        value: {
          ...{ id: 'dre-gagnon', prefix: 'Dre', given: 'Camille', family: 'Gagnon' },
          identifiers: [LICENCE],
        },
      },
      {
        edit: 'put',
        list: 'schedules',
        id: 'dre-gagnon',
        value: { id: 'dre-gagnon', practitioner: 'dre-gagnon', ...WHERE },
      },
      {
        edit: 'put',
        list: 'schedules',
        id: 'dr-nguyen',
        value: { id: 'dr-nguyen', practitioner: 'dr-nguyen', ...WHERE },
      },
    ]);
    expect(calendars.map(({ id, schedule }) => [id, schedule])).to.deep.equal([
      ['a', 'tremblay'],
      ['b', 'dre-gagnon'],
      ['c', 'dre-gagnon'],
      ['d', 'dr-nguyen'],
    ]);
  });

  it('reads names as platforms write them', () => {
    expect(personOf('dr. Alex Tremblay')).to.deep.equal({ prefix: 'dr', given: 'Alex', family: 'Tremblay' });
    expect(personOf('Côté, Marie-Ève')).to.deep.equal({ prefix: '', given: 'Marie-Ève', family: 'Côté' });
    expect(personOf('Sans-rendez-vous')).to.deep.equal({ prefix: '', given: '', family: 'Sans-rendez-vous' });
    expect(personOf('Drolet Anne')).to.deep.equal({ prefix: '', given: 'Drolet', family: 'Anne' });
  });

  it('offers to do on a calendar what the platform can do', () => {
    const of = (...names: string[]) => topologiesOf(names.map((capability) => ({ capability })));
    expect(of('pull', 'block', 'publish')).to.deep.equal(['block', 'publish']);
    expect(of('publish')).to.deep.equal(['publish']);
    expect(of('pull')).to.deep.equal(['block']);
    expect(of('pull', 'shifts')).to.deep.equal(['shifts']);
  });

  it('makes ids of what people call things, and none twice', () => {
    expect(slugOf('  Clinique de l’Île-Perrot (Été) ')).to.equal('clinique-de-l-ile-perrot-ete');
    expect(freeId('Dre Gagnon', ['dre-gagnon', 'dre-gagnon-2'], 'x')).to.equal('dre-gagnon-3');
    expect(freeId('⚕', [], 'medecin')).to.equal('medecin');
    expect(slugOf('a'.repeat(200)).length).to.be.at.most(64);
  });
});

describe('the steps of a set-up', () => {
  const connection = (id: string, ...schedules: string[]) => ({
    ...{ id, platform: id },
    calendars: schedules.map((schedule) => ({
      id: `${id}-${schedule}`,
      schedule,
      topology: 'block' as const,
    })),
  });

  it('go on where somebody has left', () => {
    const one = { ...CLINIC, connections: [connection('rvsq', 'tremblay')] };
    const two = { ...CLINIC, connections: [connection('rvsq', 'tremblay'), connection('bonjour-sante')] };
    const both = {
      ...CLINIC,
      connections: [connection('rvsq', 'tremblay'), connection('bonjour-sante', 'tremblay')],
    };
    expect([NOTHING, { ...CLINIC, schedules: [] }, CLINIC, one, two, both].map(nextOf)).to.deep.equal([
      ...['clinic', 'doctors', 'first', 'second', 'links', 'done'],
    ]);
    expect(mirrored(two)).to.deep.equal([]);
    expect(mirrored(both).map(nameOf)).to.deep.equal(['Dr Alex Tremblay']);
  });

  it('can be gone back to, and not be leapt over, but for a doctor who is on both', () => {
    expect(isOpen('clinic', CLINIC)).to.equal(true);
    expect(isOpen('second', CLINIC)).to.equal(false);
    const two = { ...CLINIC, connections: [connection('a'), connection('b')] };
    expect(isOpen('done', two)).to.equal(true);
  });

  it('read what stands in the file, also where a hand has written it wrong', () => {
    const document = { connections: [{ id: 'a', platform: 'rvsq' }, 'x'], schedules: 'none', services: [{}] };
    const { connections, schedules, services } = clinicOf({ document } as never);
    expect(connections).to.deep.equal([{ id: 'a', platform: 'rvsq', calendars: [] }]);
    expect([...schedules, ...services]).to.deep.equal([]);
  });
});
