import { bonjourSante } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { rvsq } from '../../adapters/rvsq/simulator/platform.ts';
import { HOUR, SECOND } from '../../src/domain/instant.ts';
import type { Calendar, Release } from '../../src/domain/schedule.ts';
import { agendasOn, type ConnectionId, RVSQ, STALENESS_MILLISECONDS, VENDOR } from './clinic.ts';
import type { Dice } from './dice.ts';
import { openSite, type Site } from './site.ts';
import type { Timeline } from './timeline.ts';
import type { Bias } from './weather.ts';

/** With what a run begins: when, by which rule of release, and what stands on the platforms. */

/**
 * An ordinary day, and the nights at whose end the clocks of Québec go back and forward, each with the rules by which some
 * slots are released by then, or in these minutes, and others are not.
 */
export const STARTS = [
  { at: '2026-11-24T07:00:00-05:00', hoursBefore: [25, 60], daysBefore: [0, 2] },
  { at: '2026-10-30T22:30:00-04:00', hoursBefore: [60, 66], daysBefore: [2, 3] },
  { at: '2026-03-06T23:00:00-05:00', hoursBefore: [58, 64], daysBefore: [2, 3] },
] as const;
type Beginning = (typeof STARTS)[number];
const DAYS = 4;

/** Seldom one, but where it is asked for. */
export function releaseOf(dice: Dice, { hoursBefore, daysBefore }: Beginning, bias: Bias): Release {
  const isRuled = dice.chance(0.25);
  if (!(bias.release ?? isRuled)) return { kind: 'always' };
  return dice.chance(0.6)
    ? { kind: 'before', milliseconds: dice.whole(hoursBefore[0], hoursBefore[1]) * HOUR }
    : { kind: 'midnight', daysBefore: dice.whole(daysBefore[0], daysBefore[1]) };
}

export function openSites(
  timeline: Timeline,
  dice: Dice,
  seed: number,
  { topology, walkIn }: { readonly topology: Calendar['topology']; readonly walkIn: boolean },
): Readonly<Record<ConnectionId, Site>> {
  const common = (id: ConnectionId) => ({
    timeline,
    seed: `${seed}`,
    actors: agendasOn(id, walkIn),
    days: DAYS,
    skewMilliseconds: dice.chance(0.3) ? dice.whole(-90, 90) * SECOND : 0,
    stalenessMilliseconds: STALENESS_MILLISECONDS,
    changesRemembered: dice.chance(0.2) ? 5 : 20_000,
  });
  return {
    [VENDOR]: openSite(VENDOR, bonjourSante, common(VENDOR)),
    // What is fed by Passerelle has nothing of its own.
    [RVSQ]: openSite(RVSQ, rvsq, { ...common(RVSQ), days: topology === 'publish' ? 0 : DAYS }),
  };
}
