import { HOUR, type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import type { Calendar, Policy } from '../../src/domain/schedule.ts';
import { CONNECTIONS, type ConnectionId } from './clinic.ts';
import type { SharedDatabase } from './database.ts';
import type { Dice } from './dice.ts';
import { calm, type Site, type SiteFaults } from './site.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** The faults of a run: spells of bad weather, each of its kind, one after the other or one over the other. */

type Spell = (faults: SiteFaults, dice: Dice) => void;

const SPELLS: Readonly<Record<string, Spell>> = {
  down: (faults, dice) => {
    faults.down = dice.one(['refused', 'silent', 'error'] as const);
  },
  slow: (faults, dice) => {
    faults.latencyMilliseconds = dice.whole(500, 8_000);
  },
  failing: (faults, dice) => {
    faults.fails = dice.between(0.05, 0.5);
    faults.failsAfter = dice.between(0, 0.3);
  },
  losing: (faults, dice) => {
    faults.loses = dice.between(0.1, 0.6);
  },
  throttling: (faults, dice) => {
    faults.throttles = dice.between(0.1, 0.6);
  },
  lagging: (faults) => {
    faults.stale = true;
  },
  'small pages': (faults, dice) => {
    faults.pageRows = dice.whole(3, 30);
  },
  'bad messengers': (faults, dice) => {
    faults.webhooks = {
      lose: dice.between(0, 0.5),
      double: dice.between(0, 0.5),
      delayMilliseconds: dice.one([50, 2_000, 20_000]),
      forge: dice.between(0, 0.3),
    };
  },
};

/** What a run is to have more of than the dice would give it. */
export type Bias = {
  readonly processes?: number;
  readonly kills?: number;
  readonly spells?: readonly string[];
  readonly conflicts?: Policy['conflicts'];
  readonly topology?: Calendar['topology'];
  readonly sharing?: Policy['sharing'];
  readonly walkIn?: boolean;
  readonly release?: boolean;
  /** Bookings and moves of one time at once, through our own API. */
  readonly rushes?: number;
  /** Schedules are taken off offer. */
  readonly plans?: boolean;
  /** Whether staff close time. */
  readonly closures?: boolean;
  /** The clocks of the gateway's machines. */
  readonly clocksOff?: boolean;
  /** From which seed on: most clinics give a broken engine no occasion. */
  readonly from?: number;
};

export type WeatherWorld = {
  readonly timeline: Timeline;
  readonly dice: Dice;
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  readonly database: SharedDatabase;
  readonly tally: Tally;
  readonly kill: () => void;
};

/** Puts the weather of a run on the timeline; all of it is over at `until`. */
export function brew(
  world: WeatherWorld,
  span: { readonly from: Instant; readonly until: Instant; readonly isLong: boolean },
  bias: Bias,
): void {
  const { timeline, dice, sites, database, tally, kill } = world;
  const { from, until, isLong } = span;
  const moment = (): Instant => plus(from, dice.between(0, until - from));
  const active = new Map<ConnectionId, Map<string, (faults: SiteFaults) => void>>(
    CONNECTIONS.map((id) => [id, new Map()]),
  );
  const apply = (id: ConnectionId): void => {
    const faults = calm();
    for (const change of active.get(id)?.values() ?? []) change(faults);
    sites[id].faults = faults;
  };
  let spells = 0;
  const cast = (
    kind: string,
    start: Instant,
    milliseconds: number,
    id: ConnectionId = dice.one(CONNECTIONS),
  ): void => {
    spells += 1;
    const name = `spell ${spells}`;
    const thrown = dice.of(name);
    timeline.at(start, () => {
      tally.fault(`spell: ${kind}`);
      active.get(id)?.set(name, (faults) => SPELLS[kind]?.(faults, thrown));
      apply(id);
    });
    timeline.at(plus(start, milliseconds), () => {
      active.get(id)?.delete(name);
      apply(id);
    });
  };
  const thrown = Object.keys(SPELLS).filter(() => dice.chance(0.45));
  const kinds = bias.spells ?? thrown;
  for (let left = kinds.length > 0 ? dice.whole(1, 8) : 0; left > 0; left -= 1) {
    cast(dice.one(kinds), moment(), dice.one([5 * SECOND, MINUTE, 10 * MINUTE]));
  }
  if (isLong) {
    for (const { id, start, milliseconds } of outages(dice.of('outages'), from))
      cast('down', start, milliseconds, id);
  }
  const kills = dice.chance(0.4) ? dice.whole(1, 4) : 0;
  for (let left = bias.kills ?? kills; left > 0; left -= 1) {
    timeline.at(moment(), () => {
      tally.fault('killed');
      kill();
    });
  }
  if (dice.chance(0.25)) {
    timeline.at(moment(), () => {
      tally.fault('database away');
      database.refusesUntil = plus(timeline.now, dice.one([SECOND, 30 * SECOND, 3 * MINUTE]));
    });
  }
  if (dice.chance(0.25)) {
    timeline.at(moment(), () => {
      tally.fault('cursor expired');
      for (const id of CONNECTIONS) sites[id].agenda.forget();
    });
  }
  timeline.at(until, () => {
    for (const id of CONNECTIONS) active.get(id)?.clear();
    for (const id of CONNECTIONS) sites[id].faults = calm();
    // Until now, then: whoever is late by it is asked from there on.
    database.refusesUntil = Math.min(database.refusesUntil, timeline.now);
  });
}

/** Within a day: one platform is down twice, for hours, and the other as well for some time of the second. */
function outages(
  dice: Dice,
  from: Instant,
): { readonly id: ConnectionId; readonly start: Instant; readonly milliseconds: number }[] {
  const id = dice.one(CONNECTIONS);
  const other = CONNECTIONS.find((each) => each !== id) ?? id;
  const hours = (low: number, high: number): number => dice.whole(low, high) * HOUR;
  const first = { id, start: plus(from, HOUR), milliseconds: hours(4, 9) };
  const second = {
    id,
    start: plus(first.start, first.milliseconds + dice.whole(10, 120) * MINUTE),
    milliseconds: hours(6, 9),
  };
  const both = {
    id: other,
    start: plus(second.start, dice.whole(60, 180) * MINUTE),
    milliseconds: dice.whole(10, 120) * MINUTE,
  };
  return [first, second, both];
}
