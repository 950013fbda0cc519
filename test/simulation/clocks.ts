import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Dice } from './dice.ts';

/** The clocks of the machines on which the gateway's processes run. The timeline's is the database's. */

/** A clock that nobody sets is off by seconds; one in a wrong zone, or after a pause of its machine, by more. */
const OFF_MILLISECONDS_MAX = [10 * SECOND, 90 * SECOND, 15 * MINUTE] as const;

/** @returns how far the clock of each place is ahead, in milliseconds; nearly all agree, but where it is asked for. */
export function clocksOf(dice: Dice, areOff: boolean | undefined): (place: number) => number {
  const isOff = dice.chance(0.25);
  if (!(areOff ?? isOff)) return () => 0;
  const most = dice.one(OFF_MILLISECONDS_MAX);
  return (place) => dice.of(`place ${place}`).whole(-most, most);
}
