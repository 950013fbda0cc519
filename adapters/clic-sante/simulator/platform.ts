import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import { createApi } from './api.ts';
import { SLOT_MINUTES } from './establishment.ts';

const Offer = z.null();

/** Clic Santé in small: the same times for the same seed. */
export const clicSante: SimulatedPlatform<null> = {
  id: 'clic-sante',
  slotMinutes: SLOT_MINUTES,
  calendarOf: (actor) => String(numberOf(actor)),
  idOf: (kind, ordinal, seed) =>
    kind === 'slot' ? String(ordinal) : String(numberOf(`${seed} ${kind} ${ordinal}`)),
  offer: () => null,
  offerSchema: Offer,
  handle: createApi(),
};

/** The same for the same text. */
const numberOf = (text: string): number =>
  10_000_000 + (createHash('sha256').update(text).digest().readUInt32BE() % 90_000_000);
