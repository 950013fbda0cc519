import { expect } from 'chai';
import type { Appointment, Bundle, FhirResource, Schedule, Slot } from 'fhir/r4.js';
import { documents, scheduleContexts } from '../../mappings/fhir/documents.ts';
import { linksService } from '../../mappings/fhir/scheduling-links.ts';
import { slotResource } from '../../mappings/fhir/slot.ts';
import { Directory } from '../../src/domain/directory.ts';
import { instant, MINUTE } from '../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import {
  appointmentRow,
  ENTRIES,
  FAMILY_MEDICINE,
  FIRST_START,
  ORGANIZATION,
  slotRow,
  uuid,
} from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { wholeOf } from '../support/parted-text.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const CONCEPT = { coding: [FAMILY_MEDICINE] };

describe('fhir: the specialty of a service', () => {
  let served: Served;
  before(async () => {
    // Loading the validators takes longer than a server keeps an idle connection.
    faultsOf({ resourceType: 'Slot' });
    served = await serve({ slots: 4 });
    served.world.appointments.push(appointmentRow(900, slotRow(1), null));
  });
  after(() => served.close());

  const found = async <R extends FhirResource>(path: string): Promise<R[]> => {
    const { status, text, json } = await served.request('GET', `/fhir/${path}`, {
      headers: { prefer: 'handling=strict' },
    });
    expect(status, text).to.equal(200);
    expect(faultsOf(json())).to.deep.equal([]);
    return resourcesOf<R>(json<Bundle>());
  };

  for (const [type, count] of [
    ['Slot', 4],
    ['Appointment', 1],
    ['Schedule', 2],
    ['PractitionerRole', 2],
    ['HealthcareService', 1],
  ] as const) {
    it(`is shown by ${type}, and finds it`, async () => {
      const { system, code } = FAMILY_MEDICINE;
      for (const value of [`${system}|${code}`, code, `${system}|`, `other,${code}`]) {
        const resources = await found<Slot | Appointment | Schedule>(`${type}?specialty=${value}`);
        expect(resources, value).to.have.length(count);
        for (const { specialty } of resources) expect(specialty).to.deep.equal([CONCEPT]);
      }
      expect(await found(`${type}?specialty=${system}|394582007`)).to.deep.equal([]);
    });
  }

  it('is found through a schedule', async () => {
    expect(await found(`Slot?schedule.specialty=${FAMILY_MEDICINE.code}`)).to.have.length(4);
    expect(await found('Slot?schedule.specialty=other')).to.deep.equal([]);
  });

  it('is left out where the configuration does not say, and unknown for the draft that wants it', () => {
    const [{ id, name } = { id: '', name: { fr: '', en: '' } }] = ENTRIES.services;
    const silent = new Directory({ ...ENTRIES, services: [{ id, name }] });
    const slot = {
      id: uuid(1),
      scheduleId: 'agenda-gagnon',
      connectionId: 'vendor',
      interval: { start: FIRST_START, end: instant(FIRST_START + 20 * MINUTE) },
      attributes: UNKNOWN_ATTRIBUTES,
    };
    const context = scheduleContexts(silent)('agenda-gagnon');
    expect(slotResource(slot, context)).to.not.have.property('specialty');
    expect(wholeOf(documents(silent).slot(slot))).to.not.contain('specialty');
    const unknown = linksService(context.service, context.location, ORGANIZATION).specialty;
    expect(unknown?.[0]?.coding?.[0]?.code).to.equal('unknown');
    const known = scheduleContexts(new Directory(ENTRIES))('agenda-gagnon');
    expect(linksService(known.service, known.location, ORGANIZATION).specialty).to.deep.equal([CONCEPT]);
  });
});
