import { expect } from 'chai';
import fc from 'fast-check';
import { EXTENSION, SYSTEM } from '../../mappings/fhir/canonical.ts';
import { readSlot } from '../../mappings/fhir/read-slot.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { ATTRIBUTES, uuid } from '../support/fake-ports.ts';
import { SERVED_SLOT } from '../support/r4-samples.ts';

const BARE = {
  resourceType: 'Slot',
  schedule: { reference: 'Schedule/agenda-gagnon' },
  status: 'free',
  start: '2026-11-24T09:00:00-05:00',
  end: '2026-11-24T14:20:00Z',
};
const extended = (...extension: object[]) => ({ ...BARE, extension });

describe('mappings/fhir: reading a Slot', () => {
  it('reads what is served here back to what it was', () => {
    const reading = readSlot(SERVED_SLOT);
    if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading.findings));
    const { slot } = reading;
    expect(slot).to.include({ id: uuid(3), status: 'free', locationId: 'verdun', serviceId: 'visite' });
    expect(slot.attributes).to.deep.equal(ATTRIBUTES);
  });

  it('leaves open what is not said, and finds the reason where it stands alone', () => {
    const coding = [{ system: SYSTEM.reason, code: 'urgent' }];
    const reading = readSlot({ ...BARE, appointmentType: { coding } });
    if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading.findings));
    expect(reading.slot).to.deep.equal({
      id: null,
      status: 'free',
      scheduleId: 'agenda-gagnon',
      interval: { start: parseInstant('2026-11-24T14:00:00Z'), end: parseInstant('2026-11-24T14:20:00Z') },
      attributes: {
        availableSince: null,
        eligibility: null,
        reasons: ['urgent'],
        reorientation: null,
        mode: null,
        bookingUrl: null,
      },
      locationId: null,
      serviceId: null,
    });
  });

  const rows: Record<string, [body: unknown, findings: string[]]> = {
    'nothing at all': [null, ['structure Slot']],
    'no schedule, no status, no times': [
      { resourceType: 'Slot' },
      ['required Slot.schedule', 'value Slot.status', 'required Slot.start', 'required Slot.end'],
    ],
    'a schedule elsewhere': [
      { ...BARE, schedule: { reference: 'https://elsewhere.example/fhir/Schedule/1' } },
      ['not-supported Slot.schedule.reference'],
    ],
    'a status that R4 does not have': [{ ...BARE, status: 'open' }, ['value Slot.status']],
    '30 February': [{ ...BARE, start: '2026-02-30T09:00:00-05:00' }, ['value Slot.start']],
    'a time without offset': [{ ...BARE, end: '2026-11-24T09:20:00' }, ['value Slot.end']],
    'an end at the start': [{ ...BARE, end: BARE.start }, ['invariant Slot.end']],
    'a modifier extension': [
      { ...BARE, modifierExtension: [{ url: 'urn:x' }] },
      ['extension Slot.modifierExtension'],
    ],
    'a reason that the regulation does not have': [
      extended({ url: 'urn:x', valueCode: 'x' }, { url: EXTENSION.reason, valueCode: 'curious' }),
      ['value Slot.extension[1].value'],
    ],
    'a mode in words': [
      extended({ url: EXTENSION.mode, valueString: 'video' }),
      ['value Slot.extension[0].value'],
    ],
    'two modes': [
      extended({ url: EXTENSION.mode, valueCode: 'video' }, { url: EXTENSION.mode, valueCode: 'home' }),
      [`structure Slot.extension.where(url='${EXTENSION.mode}')`],
    ],
    'a place elsewhere': [
      extended({
        url: EXTENSION.location,
        valueReference: { reference: 'https://elsewhere.example/Location/1' },
      }),
      [`not-supported Slot.extension.where(url='${EXTENSION.location}')`],
    ],
    'since when, in part': [
      extended({ url: EXTENSION.availableSince, valueDateTime: '2026-11' }),
      ['value Slot.extension[0].value'],
    ],
    'a comment that is no address': [{ ...BARE, comment: 'javascript:x' }, ['not-supported Slot.comment']],
  };
  for (const [title, [body, findings]] of Object.entries(rows)) {
    it(`refuses ${title}`, () => {
      const reading = readSlot(body);
      if (reading.outcome === 'read') throw new Error('it was read');
      expect(reading.findings.map(({ code, expression }) => `${code} ${expression}`)).to.deep.equal(findings);
    });
  }

  it('is total: any JSON is read or refused, never thrown upon', () => {
    const keys = fc.constantFrom(...Object.keys(SERVED_SLOT), 'modifierExtension', 'comment');
    const anything = fc.dictionary(keys, fc.jsonValue()).map((change) => ({ ...SERVED_SLOT, ...change }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anything), (body) => {
        const reading = readSlot(body);
        if (reading.outcome === 'invalid') expect(reading.findings).to.not.be.empty;
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
