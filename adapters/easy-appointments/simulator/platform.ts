import { z } from 'zod';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import type { Change } from '../../../src/adapter/simulator/records.ts';
import { createApi } from './api.ts';
import { SLOT_MINUTES } from './office.ts';

/** The token that the simulator takes; it opens nothing else. */
export const SIMULATOR_TOKEN = 'jeton-du-simulateur';
/** The administrator that it takes, by HTTP Basic. */
export const SIMULATOR_ADMINISTRATOR = { username: 'administration', password: 'mot-de-passe-du-simulateur' };

/** Slots have no attributes there. */
const Offer = z.object({});
export type Offer = z.output<typeof Offer>;

/** An installation of Easy!Appointments 1.5 in small, by its published API. */
export const easyAppointments: SimulatedPlatform<Offer> = {
  id: 'easy-appointments',
  slotMinutes: SLOT_MINUTES,
  calendarOf: (actor) => String(numberOf(actor)),
  // Appointments and unavailabilities stand in one table, so they are numbered together.
  idOf: (_, ordinal) => String(ordinal),
  offer: () => ({}),
  offerSchema: Offer,
  handle: createApi(SIMULATOR_TOKEN, SIMULATOR_ADMINISTRATOR),
  webhook: {
    body: deliveryOf,
    headers: (_, secret) => ({ 'x-ea-token': secret }),
    isSentOnce: true,
  },
};

/** FNV-1a: ids of the platform are numbers, and a doctor's is to be the same on each start. */
function numberOf(actor: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(actor)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash % 899_999) + 100_000;
}

const ACTIONS = { slot: 'provider', reservation: 'appointment', block: 'unavailability' } as const;

/** The row as it stands in its database, so in other words than the API's. */
function deliveryOf({ kind, id, calendar, record }: Change<Offer>): unknown {
  return {
    action: `${ACTIONS[kind]}_${record ? 'save' : 'delete'}`,
    payload: {
      id: Number(id),
      id_users_provider: Number(calendar),
      is_unavailability: kind === 'block',
      ...(record ? { notes: record.reference } : {}),
    },
  };
}
