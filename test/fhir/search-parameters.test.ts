import { expect } from 'chai';
import type { Bundle } from 'fhir/r4.js';
import { connectionUrl } from '../../mappings/fhir/canonical.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { appointmentRow, FIRST_START, NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

describe('fhir: search parameters', () => {
  let served: Served;
  const booked = appointmentRow(900, slotRow(2), null);
  before(async () => {
    served = await serve({ slots: 12 });
    const { world } = served;
    world.slots = world.slots.map((row, index) => ({ ...row, updatedMs: NOW - index * HOUR }));
    world.appointments.push(booked);
  });
  after(() => served.close());

  const search = async (path: string): Promise<Bundle> => {
    const { status, text, json } = await served.request('GET', `/fhir/${path}`, {
      headers: { prefer: 'handling=strict' },
    });
    expect(status, text).to.equal(200);
    const bundle = json<Bundle>();
    expect(faultsOf(bundle)).to.deep.equal([]);
    return bundle;
  };
  const found = async (path: string) => resourcesOf(await search(path)).map(({ id }) => id);
  const included = async (path: string) =>
    resourcesOf(await search(path), 'include').map(({ resourceType, id }) => `${resourceType}/${id}`);
  const slots = (...numbers: number[]) => numbers.map(uuid);
  const all = Array.from({ length: 12 }, (_, index) => index + 1);
  /** Of odd numbers the one doctor, of even ones the other. */
  const gagnon = all.filter((number) => slotRow(number).scheduleId === 'agenda-gagnon');
  const tremblay = all.filter((number) => !gagnon.includes(number));

  describe('chained', () => {
    for (const [query, expected] of [
      ['schedule.actor:Practitioner.identifier=urn:test:cmq|10001', tremblay],
      ['schedule.actor:Practitioner.identifier=10001,20002', tremblay],
      ['schedule.actor:Practitioner.identifier=nobody', []],
      ['schedule:Schedule.actor.name=gag', gagnon],
      ['schedule.actor.name=gag,emi', all],
      ['schedule.actor:Location.address-city=montreal', all],
      ['schedule.actor:Location.near=45.46|-73.57|1|km', all],
      ['schedule.actor:Location.near=46.81|-71.21|100|km', []],
      ['schedule.actor=Practitioner/gagnon', gagnon],
      ['schedule.actor:Practitioner=gagnon', gagnon],
      ['schedule.service-type=visite', all],
      ['schedule.active=false', []],
    ] as const) {
      it(query, async () => {
        expect(await found(`Slot?${encodeURI(query)}`)).to.deep.equal(slots(...expected));
      });
    }

    it('to several at once, as an aggregator asks for 25 doctors', async () => {
      const identifiers = Array.from({ length: 24 }, (_, index) => `urn:test:cmq|9${index}`);
      const query = new URLSearchParams([
        ['_include', 'Slot:schedule'],
        ['_include:iterate', 'Schedule:actor'],
        ['start', 'ge2026-11-24T09:00:00-05:00'],
        ['start', 'le2026-11-24T09:40:00-05:00'],
        ['schedule.actor:Practitioner.identifier', [...identifiers, 'urn:test:cmq|10001'].join(',')],
        ['status', 'free'],
      ]);
      const bundle = await search(`Slot?${query}`);
      expect(resourcesOf(bundle).map(({ id }) => id)).to.deep.equal(
        slots(...tremblay.filter((number) => slotRow(number).startMs <= slotRow(4).startMs)),
      );
      expect(
        resourcesOf(bundle, 'include').map(({ resourceType, id }) => `${resourceType}/${id}`),
      ).to.deep.equal([
        'Schedule/agenda-tremblay',
        'Practitioner/tremblay',
        'Location/verdun',
        'HealthcareService/visite',
      ]);
      const none = await search(`Slot?schedule.actor:Practitioner.identifier=${identifiers.join(',')}`);
      expect(none).to.not.have.property('entry');
    });
  });

  describe('dates', () => {
    const at = (number: number) => new Date(slotRow(number).startMs).toISOString();
    const starting = (test: (ms: number) => boolean) =>
      slots(...all.filter((number) => test(slotRow(number).startMs)));
    it('ne leaves out, and a comma is or', async () => {
      const { startMs } = slotRow(3);
      expect(await found(`Slot?start=ne${at(3)}`)).to.deep.equal(starting((ms) => ms !== startMs));
      expect(await found(`Slot?start=${at(1)},${at(11)}`)).to.deep.equal(
        starting((ms) => ms === slotRow(1).startMs || ms === slotRow(11).startMs),
      );
      expect(await found(`Slot?start=ne${at(1)}&start=lt${at(5)}`)).to.deep.equal(
        starting((ms) => ms !== slotRow(1).startMs && ms < slotRow(5).startMs),
      );
      expect(await found('Slot?start=2025&start=2026')).to.deep.equal([]);
    });

    it('ap is a tenth of how far away it is', async () => {
      // 25 hours before the first: two and a half hours to either side.
      const first = new Date(FIRST_START).toISOString();
      expect(await found(`Slot?start=ap${first}`)).to.deep.equal(slots(...all));
      const soon = new Date(NOW + HOUR).toISOString();
      expect(await found(`Slot?start=ap${soon}`)).to.deep.equal([]);
    });

    it('_lastUpdated, of what is stored and of what is configured', async () => {
      expect(await found(`Slot?_lastUpdated=gt${new Date(NOW - 2 * HOUR).toISOString()}`)).to.deep.equal(
        slots(1, 2),
      );
      expect(await found('Schedule?_lastUpdated=ge2026-11-01')).to.have.length(2);
      expect(await found('Schedule?_lastUpdated=lt2026-11-01')).to.deep.equal([]);
    });
  });

  it('sorts either way, by start and by update, and pages so', async () => {
    expect(await found('Slot?_sort=-start')).to.deep.equal(slots(...all).reverse());
    expect(await found('Slot?_sort=-_lastUpdated')).to.deep.equal(slots(...all));
    expect(await found('Slot?_sort=_lastUpdated')).to.deep.equal(slots(...all).reverse());
    expect(await found('Practitioner?_sort=-_id')).to.deep.equal(['tremblay', 'gagnon']);
    for (const [type, sort, expected] of [
      ['Slot', '-start', slots(...all).reverse()],
      ['Slot', '_lastUpdated', slots(...all).reverse()],
      ['Practitioner', '-_id', ['tremblay', 'gagnon']],
    ] as const) {
      const seen: (string | undefined)[] = [];
      let path: string | undefined = `${type}?_sort=${sort}&_count=1`;
      while (path !== undefined) {
        const bundle: Bundle = await search(path);
        seen.push(...resourcesOf(bundle).map(({ id }) => id));
        path = bundle.link?.find(({ relation }) => relation === 'next')?.url.split('/fhir/')[1];
      }
      expect(seen).to.deep.equal(expected);
    }
  });

  it('finds slots by reason, service, platform id and what they are not', async () => {
    const withReason = all.filter((number) => number % 3 === 0);
    const system = 'https://passerelle.example/fhir/CodeSystem/reason';
    expect(await found('Slot?appointment-type=regular-follow-up')).to.deep.equal(slots(...withReason));
    expect(await found(`Slot?appointment-type=${system}|regular-follow-up`)).to.deep.equal(
      slots(...withReason),
    );
    expect(await found('Slot?appointment-type=urgent')).to.deep.equal([]);
    expect(await found('Slot?appointment-type=urn:other|urgent')).to.deep.equal([]);
    expect(await found('Slot?service-type=visite')).to.deep.equal(slots(...all));
    expect(await found('Slot?service-type=other')).to.deep.equal([]);
    expect(await found(`Slot?identifier=${connectionUrl('vendor')}|e-${uuid(3)}`)).to.deep.equal(slots(3));
    expect(await found(`Slot?identifier=e-${uuid(3)},e-${uuid(4)}`)).to.deep.equal(slots(3, 4));
    expect(await found(`Slot?identifier=urn:other|e-${uuid(3)}`)).to.deep.equal([]);
    expect(await found('Slot?status:not=free')).to.deep.equal([]);
    expect(await found('Slot?status:not=busy')).to.deep.equal(slots(...all));
  });

  it('finds appointments by slot, service, actor and chain', async () => {
    for (const query of [
      `slot=Slot/${uuid(2)}`,
      `slot=${uuid(2)}&status:not=cancelled`,
      'service-type=visite',
      `actor:Practitioner=${slotRow(2).scheduleId.slice('agenda-'.length)}`,
      `practitioner.family=${slotRow(2).scheduleId.slice('agenda-'.length)}`,
    ]) {
      expect(await found(`Appointment?${query}`), query).to.deep.equal([booked.id]);
    }
    for (const query of [`slot=Slot/${uuid(3)}`, 'slot=nobody', 'practitioner.family=nobody']) {
      expect(await found(`Appointment?${query}`), query).to.deep.equal([]);
    }
  });

  describe('what is included', () => {
    it('comes once, and only from what it is asked of', async () => {
      expect(await included('Slot?_include=Slot:schedule')).to.deep.equal([
        'Schedule/agenda-gagnon',
        'Schedule/agenda-tremblay',
      ]);
      expect(
        await included('Slot?_include=Schedule:actor'),
        'nothing was included that it is of',
      ).to.deep.equal([]);
      expect(
        await included(`Slot?_id=${uuid(2)}&_include=Slot:schedule&_include:iterate=Schedule:actor:Location`),
      ).to.deep.equal([`Schedule/${slotRow(2).scheduleId}`, 'Location/verdun']);
      expect(
        await included(
          'Slot?_include=Slot:schedule&_include:iterate=Schedule:actor&_include:iterate=Location:organization',
        ),
      ).to.include('Organization/clinique');
    });

    it('follows references back', async () => {
      expect(await included('Slot?_revinclude=Appointment:slot')).to.deep.equal([`Appointment/${booked.id}`]);
      expect(await included('Practitioner?_id=gagnon&_revinclude=Schedule:actor')).to.deep.equal([
        'Schedule/agenda-gagnon',
      ]);
    });

    it('of an appointment is its slot, its actors and what these lead to', async () => {
      expect(
        await included(
          'Appointment?_include=Appointment:slot&_include:iterate=Slot:schedule&_include=Appointment:location',
        ),
      ).to.have.members([`Slot/${uuid(2)}`, `Schedule/${slotRow(2).scheduleId}`, 'Location/verdun']);
    });
  });

  it('compares texts as the modifier says', async () => {
    expect(await found('Practitioner?family=TREM')).to.deep.equal(['tremblay']);
    expect(await found('Practitioner?family:contains=emb')).to.deep.equal(['tremblay']);
    expect(await found('Practitioner?family:exact=tremblay')).to.deep.equal([]);
    expect(await found('Practitioner?family:exact=Tremblay')).to.deep.equal(['tremblay']);
    expect(await found('Location?address-postalcode=h0h')).to.deep.equal(['verdun']);
  });

  it('measures distances over the ground', async () => {
    // Québec City is some 230 km from Verdun.
    expect(await found('Location?near=46.8139|-71.2080|220|km')).to.deep.equal([]);
    expect(await found('Location?near=46.8139|-71.2080|240|km')).to.deep.equal(['verdun']);
    expect(await found('Location?near=46.8139|-71.2080|150|[mi_i]')).to.deep.equal(['verdun']);
    expect(await found('Location?near=45.47|-73.6')).to.deep.equal(['verdun']);
  });

  it('finds who works where', async () => {
    expect(await found('PractitionerRole?practitioner=Practitioner/gagnon')).to.deep.equal(['agenda-gagnon']);
    expect(await found('PractitionerRole?location.name=clinique&service=visite')).to.have.length(2);
    expect(
      await included('PractitionerRole?practitioner=gagnon&_include=PractitionerRole:practitioner'),
    ).to.deep.equal(['Practitioner/gagnon']);
  });
});
