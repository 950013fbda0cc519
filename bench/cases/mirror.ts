import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import type { Agenda } from '../../src/adapter/simulator/agenda.ts';
import { DAY } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import type { OwnDatabase } from '../database.ts';
import { type Started, start } from '../processes.ts';
import { type Settings, SIDES, type Side, type Sides } from '../rounds.ts';
import type { MirrorFloorTask } from '../servers/mirror-floor.ts';
import type { MirrorTask } from '../servers/mirror-gateway.ts';
import { percentile } from '../statistics.ts';
import type { Line } from '../table.ts';

/**
 * Mirror lag: from the booking at one platform to the moment that the other has the block, by one clock. Both
 * simulators live here, beside the measuring; what is measured is in another process.
 */

const ACTORS = Array.from({ length: 10 }, (_, actor) => `dr-${actor}`);
const SECRET = 'un-secret-pour-le-banc';
const POLL_MILLISECONDS = 50;
const SAMPLES_A_ROUND = 40;
const WARM_UP = 10;
const SEEN_MILLISECONDS_MAX = 10_000;

type Direction = { readonly name: string; readonly from: 'vendor' | 'rvsq'; readonly to: 'vendor' | 'rvsq' };
const DIRECTIONS: readonly Direction[] = [
  { name: 'vendor → RVSQ, by webhook', from: 'vendor', to: 'rvsq' },
  { name: `RVSQ → vendor, by a poll each ${POLL_MILLISECONDS} ms`, from: 'rvsq', to: 'vendor' },
];

/** A simulated platform, as far as the bench touches it. */
type Site = {
  /** Books the next free slot of the calendar of that number; returns when it began and which time is taken. */
  readonly book: (number: number) => { readonly began: number; readonly interval: Interval };
  /** Resolves with the time at which it has a block over the interval. */
  readonly nextBlock: (interval: Interval) => Promise<number>;
};

/** A clinic on two platforms, with whoever mirrors it. */
type Clinic = {
  readonly sites: { readonly vendor: Site; readonly rvsq: Site };
  readonly close: () => Promise<void>;
};

export async function* measureMirror(database: OwnDatabase, settings: Settings): AsyncGenerator<Line> {
  const floor = await openClinic('floor', database);
  const clinics: Sides<Clinic> = { floor, passerelle: await openClinic('passerelle', database) };
  try {
    for (const direction of DIRECTIONS) yield* await measureDirection(clinics, direction, settings);
  } finally {
    for (const side of SIDES) await clinics[side].close();
  }
}

async function openClinic(side: Side, database: OwnDatabase): Promise<Clinic> {
  const simulated = { seed: 7, actors: ACTORS, days: 14 };
  const vendor = await startVendor(simulated);
  const rvsq = await startRvsq(simulated);
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  const urls = { vendorUrl: vendor.url, rvsqUrl: rvsq.url, pollMilliseconds: POLL_MILLISECONDS };
  const common = { databaseUrl: database.url, ...urls };
  let mirror: Started;
  if (side === 'floor') mirror = await start('servers/mirror-floor', common satisfies MirrorFloorTask);
  else {
    const token = 'a'.repeat(40);
    const task: MirrorTask = { ...common, dataFolder: folder, token, webhookSecret: SECRET, actors: ACTORS };
    mirror = await start('servers/mirror-gateway', task);
  }
  await fetch(`${vendor.url}/_sim/webhook`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${mirror.url}/webhooks/bonjour-sante`, secret: SECRET }),
  });
  return {
    sites: { vendor: siteOf(vendor.agenda), rvsq: siteOf(rvsq.agenda) },
    close: async () => {
      await mirror.close();
      await vendor.close();
      await rvsq.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function measureDirection(
  clinics: Sides<Clinic>,
  direction: Direction,
  { rounds, say }: Settings,
): Promise<Line[]> {
  const lags = { floor: [] as number[], passerelle: [] as number[] };
  for (const side of SIDES) {
    for (let sample = 0; sample < WARM_UP; sample += 1) await measureLag(clinics[side], direction, sample);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const side of SIDES) {
      for (let sample = 0; sample < SAMPLES_A_ROUND; sample += 1) {
        lags[side].push(await measureLag(clinics[side], direction, sample));
      }
    }
    say(`mirror lag, ${direction.name}: round ${round + 1} of ${rounds}`);
  }
  return [0.5, 0.99].map((share) => ({
    what: `mirror lag p${share * 100}, ${direction.name}`,
    unit: 'ms',
    floor: percentile(lags.floor, share),
    passerelle: percentile(lags.passerelle, share),
    cost: null,
    target: null,
  }));
}

/** Books at one platform and waits for the block at the other. @returns milliseconds */
async function measureLag({ sites }: Clinic, { from, to }: Direction, sample: number): Promise<number> {
  // Somewhere within the time between two polls, and not always at the same place of it.
  await new Promise((resolve) => setTimeout(resolve, (sample * 17) % POLL_MILLISECONDS));
  const { began, interval } = sites[from].book(sample);
  return (await sites[to].nextBlock(interval)) - began;
}

function siteOf<Offer>(agenda: Agenda<Offer>): Site {
  return {
    book(number) {
      const tomorrow = Date.now() + DAY;
      const calendar = agenda.calendars[number % agenda.calendars.length]?.id ?? '';
      const slot = agenda
        .slots(calendar)
        .find((each) => each.interval.start > tomorrow && agenda.stateOf(each) === 'free');
      if (!slot) throw new Error('no slot is free any more');
      const { interval, id } = slot;
      const began = performance.now();
      if (!agenda.reserve({ calendar, interval, slotId: id, reference: null, expiresAt: null })) {
        throw new Error('a free slot could not be booked');
      }
      return { began, interval };
    },
    nextBlock(interval) {
      const before = agenda.onChange;
      return new Promise((resolve, reject) => {
        const limit = setTimeout(
          () => reject(new Error('the other platform was not told')),
          SEEN_MILLISECONDS_MAX,
        );
        agenda.onChange = (change) => {
          const at = performance.now();
          before(change);
          if (change.record?.kind !== 'block' || !overlaps(change.record.interval, interval)) return;
          clearTimeout(limit);
          agenda.onChange = before;
          resolve(at);
        };
      });
    },
  };
}
