import { z } from 'zod';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import type { Change } from '../../../src/adapter/simulator/records.ts';
import { formatInstant, type Instant } from '../../../src/domain/instant.ts';
import { SIGNATURE_HEADER, sign } from '../signature.ts';
import { createApi } from './api.ts';
import { SLOT_MINUTES } from './house.ts';

/** The key that the simulator takes; it opens nothing else. */
export const SIMULATOR_KEY = 'cal_cle_du_simulateur';

/** Slots have no attributes there. */
const Offer = z.object({});
export type Offer = z.output<typeof Offer>;

/** Cal.com in small, by the published reference of its API v2. */
export const calCom: SimulatedPlatform<Offer> = {
  id: 'cal-com',
  slotMinutes: SLOT_MINUTES,
  calendarOf: (actor) => String(numberOf(actor)),
  idOf: (kind, ordinal) => `${kind}${ordinal}`,
  offer: () => ({}),
  offerSchema: Offer,
  // Time is closed there by whole days, or by what stands in a calendar elsewhere: the API knows neither by the minute.
  hasBlocks: false,
  handle: createApi(SIMULATOR_KEY),
  webhook: { body: deliveryOf, headers: (body, secret) => ({ [SIGNATURE_HEADER]: sign(secret, body) }) },
};

/** FNV-1a: ids of users are numbers, and a doctor's is to be the same on each start. */
export function numberOf(actor: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(actor)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash % 89_999) + 10_000;
}

/** It names the attendees, whom the receiver need not look at; here they are made up. */
function deliveryOf({ id, record }: Change<Offer>, at: Instant): unknown {
  return {
    triggerEvent: record ? 'BOOKING_CREATED' : 'BOOKING_CANCELLED',
    createdAt: formatInstant(at),
    payload: {
      uid: id,
      attendees: [{ name: 'Patiente Fictive', email: 'patiente.fictive@example.invalid' }],
      ...(record
        ? { startTime: formatInstant(record.interval.start), endTime: formatInstant(record.interval.end) }
        : {}),
    },
  };
}
