import type { Book, Hold, PatientDetails } from '../../src/adapter/contract.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { identifierOf } from './marks.ts';
import { type Calendar, HELD_UNTIL } from './normalize.ts';

/** What we write, as R4 resources. */

export const timesOf = ({ start, end }: Interval) => ({
  start: formatInstant(start),
  end: formatInstant(end),
});

type Writing = { readonly mark: Mark; readonly interval: Interval };

export const blockingSlot = ({ id }: Calendar, { mark, interval }: Writing) => ({
  resourceType: 'Slot',
  identifier: [identifierOf('block', mark)],
  schedule: { reference: `Schedule/${id}` },
  status: 'busy-unavailable',
  ...timesOf(interval),
});

const attending = ({ actor }: Calendar) => ({ actor: { reference: actor }, status: 'accepted' });

export const blockingAppointment = (calendar: Calendar, { mark, interval }: Writing) => ({
  resourceType: 'Appointment',
  identifier: [identifierOf('block', mark)],
  status: 'booked',
  ...timesOf(interval),
  participant: [attending(calendar)],
});

const slotOf = (slot: string | null) => (slot === null ? {} : { slot: [{ reference: slot }] });

export const heldUntil = ({ expiresAt }: Pick<Hold, 'expiresAt'>) => ({
  url: HELD_UNTIL,
  valueInstant: formatInstant(expiresAt),
});

export const holding = (calendar: Calendar, command: Hold) => ({
  resourceType: 'Appointment',
  extension: [heldUntil(command)],
  identifier: [identifierOf('hold', command.mark)],
  status: 'pending',
  ...timesOf(command.interval),
  ...slotOf(command.slot),
  participant: [attending(calendar)],
});

export const booking = (calendar: Calendar, { mark, interval, slot, patient }: Book) => ({
  resourceType: 'Appointment',
  identifier: [identifierOf('appointment', mark)],
  status: 'booked',
  ...timesOf(interval),
  ...slotOf(slot),
  ...whoComes(calendar, patient),
});

/** The patient travels inside: nobody else is to find them at the server, and nobody has to be looked for. */
export const whoComes = (calendar: Calendar, patient: PatientDetails | null) => ({
  ...(patient === null ? {} : { contained: [contained(patient)] }),
  participant: [
    attending(calendar),
    ...(patient === null ? [] : [{ actor: { reference: '#patient' }, status: 'accepted' }]),
  ],
});

/** Numéro d'assurance maladie, as the Canadian Baseline names it. */
const NAM = 'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-patient-healthcare-id';

function contained({ family, given, phone, email, nam, birthDate }: PatientDetails) {
  const telecom = [
    ...(phone === null ? [] : [{ system: 'phone', value: phone }]),
    ...(email === null ? [] : [{ system: 'email', value: email }]),
  ];
  return {
    resourceType: 'Patient',
    id: 'patient',
    name: [{ family, given: [given] }],
    ...(nam === null ? {} : { identifier: [{ system: NAM, value: nam }] }),
    ...(telecom.length === 0 ? {} : { telecom }),
    ...(birthDate === null ? {} : { birthDate }),
  };
}
