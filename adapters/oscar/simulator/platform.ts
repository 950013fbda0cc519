import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import { createApi } from './api.ts';

/** Credentials that the simulator takes; they open nothing else. */
export const SIMULATOR_CREDENTIALS = {
  consumerKey: 'cle-du-simulateur',
  consumerSecret: 'secret-du-simulateur',
  token: 'jeton-du-simulateur',
  tokenSecret: 'secret-du-jeton',
};

/** What OSCAR believes its address to be, behind the proxy of a clinic. */
export const SIMULATOR_ADDRESS = 'https://dme.example/oscar';

/** The made-up patient of the simulated clinic. */
export const PLACEHOLDER = 4242;

/** Slots of an on-line booking page, which OSCAR's interface says nothing of: they have nothing on them. */
export const Offer = z.object({});
export type Offer = z.output<typeof Offer>;

/** OSCAR in small: the same agenda for the same seed. */
export const oscar: SimulatedPlatform<Offer> = {
  id: 'oscar',
  slotMinutes: 15,
  calendarOf: providerNo,
  idOf: (_, ordinal) => String(1000 + ordinal),
  offer: () => ({}),
  offerSchema: Offer,
  handle: createApi({
    credentials: SIMULATOR_CREDENTIALS,
    origin: new URL(SIMULATOR_ADDRESS).origin,
    context: new URL(SIMULATOR_ADDRESS).pathname,
    placeholder: PLACEHOLDER,
  }),
};

/** Six digits, the same for the same actor. */
function providerNo(actor: string): string {
  const number = createHash('sha256').update(actor).digest().readUInt32BE();
  return String(100_000 + (number % 900_000));
}
