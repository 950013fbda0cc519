import { z } from 'zod';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import { createApi, type Offer } from './api.ts';

/** The key that the simulator takes; it opens nothing else. */
export const SIMULATOR_KEY = 'cle-du-simulateur';

/** A publisher in small: slots of 20 minutes, all of them for follow-up visits. */
export const publisher: SimulatedPlatform<Offer> = {
  id: 'smart-scheduling-links',
  slotMinutes: 20,
  calendarOf: (actor) => `Schedule/${actor}`,
  idOf: (kind, ordinal, seed) => `${kind}-${seed}-${ordinal}`.replace(/[^\w.-]/g, '-'),
  offer: () => ({ appointmentType: 'FOLLOWUP' }),
  offerSchema: z.object({ appointmentType: z.string() }),
  handle: createApi(SIMULATOR_KEY),
};
