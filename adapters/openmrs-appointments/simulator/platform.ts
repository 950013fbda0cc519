import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import { createApi } from './api.ts';

/** Credentials that the simulator takes; they open nothing else. */
export const SIMULATOR_USER = { username: 'passerelle', password: 'mot-de-passe-du-simulateur' };

/** What stands in the simulated OpenMRS. */
export const WORLD = {
  serviceUuid: guid('service'),
  locationUuid: guid('location'),
  blockPatientUuid: guid('patient who closes'),
  bookingPatientUuid: guid('patient who books'),
};

const SLOT_MINUTES = 20;

/** Slots have nothing on them: they are the hours of the service. */
export const Offer = z.object({});
export type Offer = z.output<typeof Offer>;

/** OpenMRS in small: the same agenda for the same seed. */
export const openmrs: SimulatedPlatform<Offer> = {
  id: 'openmrs-appointments',
  slotMinutes: SLOT_MINUTES,
  calendarOf: (actor) => guid(`provider ${actor}`),
  idOf: (kind, ordinal, seed) => guid(`${seed} ${kind} ${ordinal}`),
  offer: () => ({}),
  offerSchema: Offer,
  handle: createApi({ user: SIMULATOR_USER, world: WORLD, slotMinutes: SLOT_MINUTES }),
};

/** A GUID that is the same for the same text. */
function guid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
