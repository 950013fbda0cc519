import { randomUUID } from 'node:crypto';
import { systemClock } from '../adapter/simulator/system-clock.ts';
import type { Environment } from '../domain/environment.ts';
import { type Interval, overlaps } from '../domain/interval.ts';
import type { Case } from './case.ts';
import { type Pass, passTo } from './proxy.ts';
import type { Bench, FreeTime, PlatformTarget } from './target.ts';

/** What a case is run on. */
export type Staged = {
  readonly bench: Bench;
  /** Clock, dice and ids of this case. */
  readonly world: Environment;
  /** A time that is free at the platform and that no other case uses. */
  readonly free: () => Promise<FreeTime>;
  /** How the proxy has a request answered. */
  readonly pass: Pass;
};

export type Staging = {
  readonly stage: (each: Case) => Promise<Staged>;
  readonly close: () => Promise<void>;
};

/** Where a calendar is, unless a case wants another place. */
const ZONE = 'America/Toronto';

/** On the platform itself: one for each zone, for the whole run. */
export function stagePlatform(target: PlatformTarget): Staging {
  const opened = new Map<string, Promise<Staged>>();
  const open = async (zone: string): Promise<Staged> => {
    const bench = await target.open({ zone });
    const used: Interval[] = [];
    return {
      bench,
      world: { clock: systemClock, random: { next: Math.random }, ids: { next: randomUUID } },
      free: () => freeOf(bench, used),
      pass: passTo(bench.baseUrl),
    };
  };
  return {
    stage({ zone }) {
      const wanted = zone ?? ZONE;
      const found = opened.get(wanted) ?? open(wanted);
      opened.set(wanted, found);
      return found;
    },
    async close() {
      for (const each of opened.values()) await (await each.catch(() => null))?.bench.close();
    },
  };
}

async function freeOf(bench: Bench, used: Interval[]): Promise<FreeTime> {
  const times = await bench.freeTimes();
  const found = times.find((time) => !used.some((each) => overlaps(each, time.interval)));
  if (!found) throw new Error('the bench has no free time left');
  used.push(found.interval);
  return found;
}
