import { SYSTEM } from '../../mappings/fhir/canonical.ts';

/** What a client sends to book. The patient is made up. */

export const PATIENT = {
  resourceType: 'Patient',
  id: 'patient',
  name: [
    { use: 'old', family: 'Ancien', given: ['Anne'] },
    { use: 'official', family: 'Fictif', given: ['Anne', 'Marie'] },
  ],
  telecom: [
    { system: 'phone', value: '+1 514 555-0199' },
    { system: 'email', value: 'anne@example.org' },
  ],
  birthDate: '2001-01-01',
  identifier: [{ system: SYSTEM.nam, value: 'fica 0101 0113' }],
} as const;

/** Of slot 1 of the fake ports: Dr Gagnon's first of 24 November. */
export const bookingOf = (slotId: string) => ({
  resourceType: 'Appointment' as const,
  status: 'booked' as const,
  contained: [PATIENT],
  slot: [{ reference: `Slot/${slotId}` }],
  start: '2026-11-24T09:00:00-05:00',
  end: '2026-11-24T14:20:00Z',
  participant: [
    { actor: { reference: '#patient' }, status: 'accepted' },
    { actor: { reference: 'Practitioner/gagnon' }, status: 'accepted' },
  ],
});
