import { send } from '../api/send.ts';
import type { BlockAnswer, Period, Slot } from './model.ts';

/** What staff do with time, each by the public interface: FHIR for slots and appointments, the admin API for the rest. */

const PATIENT = '#patient';
/** Numéro d’assurance maladie, as the Canadian Baseline names it (HL7-Canada/ca-baseline, profile-patient). */
const NAM = 'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-patient-healthcare-id';
const JSON_PATCH = 'application/json-patch+json';
/** Long enough for somebody to spell a name by telephone; given back as soon as the form is closed. */
const HOLD_MINUTES = 10;

export type PatientForm = {
  readonly given: string;
  readonly family: string;
  readonly phone: string;
  /** Of a health insurance card, without spaces; empty = not known. */
  readonly healthNumber: string;
  /** As 1980-05-17; empty = not known. */
  readonly birthDate: string;
};

export type Held = { readonly id: string; readonly until: string };

type Appointment = {
  readonly id: string;
  readonly status: string;
  readonly extension?: readonly { readonly url: string; readonly valueInstant?: string }[];
};

export async function holdSlot({ id }: Slot): Promise<Held> {
  const duration = { value: HOLD_MINUTES, system: 'http://unitsofmeasure.org', code: 'min' };
  const held = await send<Appointment>('POST', `/fhir/Slot/${id}/$hold`, {
    body: { resourceType: 'Parameters', parameter: [{ name: 'duration', valueDuration: duration }] },
  });
  const until = held.extension?.find(({ url }) => url.endsWith('/appointment-held-until'))?.valueInstant;
  return { id: held.id, until: until ?? new Date(Date.now() + HOLD_MINUTES * 60_000).toISOString() };
}

/** @returns the appointment; `pending` where its platform is still to confirm it. */
export function bookHeld(
  { id }: Held,
  { start, end }: Pick<Slot, 'start' | 'end'>,
  patient: PatientForm,
  comment: string,
): Promise<Appointment> {
  const body = {
    resourceType: 'Appointment',
    id,
    status: 'booked',
    start,
    end,
    ...withPatient(patient, comment),
  };
  return send('PUT', `/fhir/Appointment/${id}`, { body });
}

/** Of one that was cancelled, into its slot again. */
export function bookAgain({ slot, patient, comment }: Period, practitionerId: string): Promise<Appointment> {
  const actors = [`Practitioner/${practitionerId}`, ...(patient ? [`Patient/${patient.id}`] : [])];
  return send('POST', '/fhir/Appointment', {
    body: {
      resourceType: 'Appointment',
      status: 'proposed',
      slot: [{ reference: `Slot/${slot}` }],
      ...(comment === null ? {} : { comment }),
      participant: actors.map((reference) => ({ actor: { reference }, status: 'accepted' })),
    },
  });
}

export const cancelAppointment = (id: string): Promise<unknown> =>
  patchAppointment(id, [{ op: 'replace', path: '/status', value: 'cancelled' }]);

export const moveAppointment = (id: string, to: Pick<Slot, 'id' | 'start' | 'end'>): Promise<unknown> =>
  patchAppointment(id, [
    { op: 'add', path: '/slot', value: [{ reference: `Slot/${to.id}` }] },
    { op: 'add', path: '/start', value: to.start },
    { op: 'add', path: '/end', value: to.end },
  ]);

const patchAppointment = (id: string, body: readonly unknown[]): Promise<unknown> =>
  send('PATCH', `/fhir/Appointment/${id}`, { body, headers: { 'content-type': JSON_PATCH } });

export type Time = { readonly schedule: string; readonly start: string; readonly end: string };

/** Into time that no slot offers. @param reason of who books although it is taken; null = then it is refused. */
export function bookTime(
  time: Time,
  patient: PatientForm,
  comment: string,
  reason: string | null,
): Promise<{ readonly period: Period }> {
  const said = withPatient(patient, comment);
  return send('POST', '/api/appointments', {
    body: {
      ...time,
      patient: said.contained[0],
      ...(comment === '' ? {} : { comment }),
      ...(reason === null ? {} : { override: { reason } }),
    },
  });
}

export const moveTime = (id: string, { start, end }: Time): Promise<unknown> =>
  send('POST', `/api/appointments/${id}/move`, { body: { start, end } });

export const block = (time: Time, reason: string): Promise<BlockAnswer> =>
  send('POST', '/api/blocks', { body: { ...time, reason } });

export const unblock = (id: string): Promise<unknown> => send('DELETE', `/api/blocks/${id}`);

export const offer = ({ schedule, start, end }: Time): Promise<{ readonly id: string }> =>
  send('POST', '/fhir/Slot', {
    body: {
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${schedule}` },
      status: 'free',
      start,
      end,
    },
  });

export const withdraw = (slotId: string): Promise<unknown> => send('DELETE', `/fhir/Slot/${slotId}`);

/** A FHIR Patient without an id: who it is, its details say. */
function withPatient(form: PatientForm, comment: string) {
  const { given, family, phone, healthNumber, birthDate } = form;
  const patient = {
    resourceType: 'Patient',
    id: PATIENT.slice(1),
    name: [{ family, given: [given] }],
    ...(phone === '' ? {} : { telecom: [{ system: 'phone', value: phone }] }),
    ...(birthDate === '' ? {} : { birthDate }),
    ...(healthNumber === '' ? {} : { identifier: [{ system: NAM, value: healthNumber }] }),
  };
  return {
    contained: [patient] as const,
    ...(comment === '' ? {} : { comment }),
    participant: [{ actor: { reference: PATIENT }, status: 'accepted' }],
  };
}
