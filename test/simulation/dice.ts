import { seededRandom } from '../../src/adapter/simulator/random.ts';
import type { Environment } from '../../src/domain/environment.ts';

/** The dice of a run. Each part has its own, so that a throw more in one changes nothing in another. */
export type Dice = {
  readonly next: () => number;
  /** True in so many of all cases, 0 to 1. */
  readonly chance: (probability: number) => boolean;
  readonly between: (low: number, high: number) => number;
  readonly whole: (low: number, high: number) => number;
  /** @throws RangeError on an empty list. */
  readonly one: <T>(list: readonly T[]) => T;
  readonly of: (name: string) => Dice;
};

export function dice(seed: string): Dice {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + random.next() * (high - low);
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return {
    next: random.next,
    chance: (probability) => random.next() < probability,
    between,
    whole,
    one: (list) => {
      if (list.length === 0) throw new RangeError('nothing to choose from');
      return list[whole(0, list.length - 1)] as (typeof list)[number];
    },
    of: (name) => dice(`${seed}/${name}`),
  };
}

/** Identifiers from dice: UUIDs of version 4 in form. */
export function ids(thrown: Dice): Environment['ids'] {
  const hex = (length: number): string =>
    Array.from({ length }, () => thrown.whole(0, 15).toString(16)).join('');
  return { next: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}` };
}
