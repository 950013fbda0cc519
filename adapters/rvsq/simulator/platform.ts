import { createHash } from 'node:crypto';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import { weighted } from '../../../src/adapter/simulator/random.ts';
import type { Random } from '../../../src/domain/environment.ts';
import { formatInstant, type Instant } from '../../../src/domain/instant.ts';
import { Offer } from '../wire.ts';
import { createApi } from './api.ts';

/** The key that the simulator takes; it opens nothing else. */
export const SIMULATOR_KEY = 'cle-du-simulateur';

/** The reasons that the simulator knows, with uids of our own: those of mappings/rvsq/reason.json. */
const uid = (last: string): { uid: string } => ({ uid: `7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e${last}` });
const URGENT = uid('01');
const SEMI_URGENT = uid('02');
const PREGNANCY = uid('03');
const CHILD = uid('04');
const FOLLOW_UP = uid('05');

/** RVSQ in small: the same slots for the same seed, 20 minutes each. */
export const rvsq: SimulatedPlatform<Offer> = {
  id: 'rvsq',
  slotMinutes: 20,
  calendarOf: (actor) => `pro-${actor}`,
  idOf: (kind, ordinal, seed) => guid(`${seed} ${kind} ${ordinal}`),
  offer,
  offerSchema: Offer,
  handle: createApi(SIMULATOR_KEY),
};

/** A GUID that is the same for the same text. */
function guid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function offer(random: Random, since: Instant): Offer {
  return {
    availableSinceUtc: formatInstant(since),
    consultingReasons: weighted(random, [
      [4, [URGENT, SEMI_URGENT]],
      [3, [FOLLOW_UP]],
      [2, [URGENT]],
      [2, [SEMI_URGENT, FOLLOW_UP]],
      [1, [CHILD]],
      [1, [PREGNANCY]],
    ]),
    clientele: weighted(random, [
      [5, ['1']],
      [3, ['1', '2']],
      [1, ['1', '2', '4']],
      [3, ['1', '2', '3']],
    ]),
    origins: weighted(random, [
      [10, ['regular']],
      [1, ['811']],
      [2, ['GAP']],
      [1, ['CH']],
    ]),
    visitType: weighted(random, [
      [8, 'OFFICE'],
      [3, 'PHONE'],
      [1, 'VIDEO'],
      [1, 'HOME'],
    ]),
  };
}
