import type { Appointment, Bundle, Slot } from 'fhir/r4.js';
import { scheduleOf } from './clinic-configuration.ts';
import { PATIENT } from './incoming-appointment.ts';
import type { Answer, MirroredClinic } from './mirrored-clinic.ts';
import { until } from './servers.ts';
import type { SimPeriod, SimSlot, SimulatedSite } from './simulated-site.ts';

/** Somebody who books through Passerelle's own interface, and what the platforms themselves say of it. */

/** Made up; none of it may be found where the platform that honours the booking is not. */
export const PATIENT_WORDS = ['Fictif', 'Anne', '555-0199', 'anne@example', 'FICA01010113', '2001-01-01'];

export class BookingClient {
  readonly #clinic: MirroredClinic;

  constructor(clinic: MirroredClinic) {
    this.#clinic = clinic;
  }

  /** Books the slot by its FHIR id. */
  async book(slot: SimSlot, connectionId = 'bonjour-sante'): Promise<Answer<Appointment>> {
    const reference = `Slot/${await this.#slotId(slot, connectionId)}`;
    return this.#clinic.ask('POST', '/fhir/Appointment', { ...bookingOf(slot), slot: [{ reference }] });
  }

  /** The same, unless an appointment has this number of the caller's already. */
  async bookOnce(slot: SimSlot, number: string, comment?: string): Promise<Answer<Appointment>> {
    const reference = `Slot/${await this.#slotId(slot, 'bonjour-sante')}`;
    const system = 'urn:test:portal';
    const body = {
      ...bookingOf(slot),
      slot: [{ reference }],
      identifier: [{ system, value: number }],
      comment,
    };
    const headers = { 'if-none-exist': `identifier=${system}|${number}` };
    return this.#clinic.ask('POST', '/fhir/Appointment', body, headers);
  }

  async hold(slot: SimSlot, connectionId: string, seconds: number): Promise<Answer<Appointment>> {
    const path = `/fhir/Slot/${await this.#slotId(slot, connectionId)}/$hold`;
    const valueDuration = { value: seconds / 60, code: 'min' };
    const parameter = [{ name: 'duration', valueDuration }];
    return this.#clinic.ask('POST', path, { resourceType: 'Parameters', parameter });
  }

  async bookHeld({ id }: Appointment, slot: SimSlot, comment?: string): Promise<Answer<Appointment>> {
    return this.#clinic.ask('PUT', `/fhir/Appointment/${id}`, { ...bookingOf(slot), id, comment });
  }

  async read(id: string): Promise<Appointment> {
    const { status, json } = await this.#clinic.ask<Appointment>('GET', `/fhir/Appointment/${id}`);
    if (status !== 200) throw new Error(`Appointment/${id} was answered ${status}`);
    return json;
  }

  async cancel(appointment: Appointment): Promise<Answer<Appointment>> {
    const body = { ...appointment, status: 'cancelled' };
    return this.#clinic.ask('PUT', `/fhir/Appointment/${appointment.id}`, body);
  }

  /** To another slot of the same agenda. */
  async move(appointment: Appointment, slot: SimSlot, connectionId: string): Promise<Answer<Appointment>> {
    const reference = `Slot/${await this.#slotId(slot, connectionId)}`;
    const { start, end } = slot;
    const body = { ...appointment, start, end, slot: [{ reference }] };
    return this.#clinic.ask('PUT', `/fhir/Appointment/${appointment.id}`, body);
  }

  async #slotId({ start, end, actor }: SimSlot, connectionId: string): Promise<string> {
    const { json } = await this.#clinic.ask<Bundle<Slot>>(
      'GET',
      `/fhir/Slot?schedule=${scheduleOf(actor)}&start=${encodeURIComponent(start)}`,
    );
    const found = json.entry?.find(
      ({ resource }) =>
        resource?.meta?.source?.endsWith(`/${connectionId}`) && sameTime(resource, { start, end }),
    );
    if (!found?.resource?.id) throw new Error(`Passerelle has no slot of ${connectionId} at ${start}`);
    return found.resource.id;
  }
}

const bookingOf = (slot: SimSlot) => ({
  resourceType: 'Appointment',
  status: 'booked',
  contained: [PATIENT],
  start: slot.start,
  end: slot.end,
  participant: [
    { actor: { reference: '#patient' }, status: 'accepted' },
    { actor: { reference: `Practitioner/${slot.actor}` }, status: 'accepted' },
  ],
});

/** What takes this time on the platform. */
export async function takenAt(site: SimulatedSite, slot: SimSlot): Promise<SimPeriod[]> {
  return (await site.periods()).filter((period) => period.actor === slot.actor && sameTime(period, slot));
}

export const becomes = (
  what: string,
  site: SimulatedSite,
  slot: SimSlot,
  status: SimSlot['status'],
): Promise<void> =>
  until(what, async () => {
    const slots = await site.overlapping(slot);
    return slots.length > 0 && slots.every((each) => each.status === status);
  });

type Time = { readonly start: string; readonly end: string };

const sameTime = (a: Time, b: Time): boolean =>
  Date.parse(a.start) === Date.parse(b.start) && Date.parse(a.end) === Date.parse(b.end);
