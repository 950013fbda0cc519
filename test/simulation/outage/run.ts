import { bonjourSante } from '../../../adapters/bonjour-sante/simulator/platform.ts';
import { rvsq } from '../../../adapters/rvsq/simulator/platform.ts';
import { isFault } from '../../../src/adapter/faults.ts';
import { earlier, HOUR, type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import type { Database } from '../../../src/store/database.ts';
import { ADAPTERS, type ConnectionId, RVSQ, SECRET, VENDOR } from '../clinic.ts';
import { SharedDatabase } from '../database.ts';
import { dice as diceOf } from '../dice.ts';
import { startGateway } from '../gateway.ts';
import { openSite, type Site } from '../site.ts';
import { Tally } from '../tally.ts';
import { Timeline } from '../timeline.ts';
import type { Variant } from '../variants.ts';
import { sendWebhooks } from '../webhooks.ts';
import { type Backlog, backlogAt, type Pass, passOf } from './backlog.ts';
import { actorsOf, directoryOf, fillAgendas } from './clinics.ts';
import { Crowd, each } from './crowd.ts';
import { Door } from './door.ts';
import { Closings, type MeasureWorld, measure, type Sample } from './measure.ts';
import { outagesOf, type Timetable } from './timetable.ts';
import { trouble } from './uneven.ts';

/** The outage: many clinics whose home vendor goes down, on the real engine, store and adapters. */

export type OutageOptions = {
  readonly seed: number;
  readonly clinics: number;
  readonly timetable: Timetable;
  /** The vendor's limit, which holds for all clinics together; null = as its manifest declares. */
  readonly requestsPerMinute: number | null;
  readonly bookingsPerClinicAndWeek: number;
  /** Between two readings of an agenda at the vendor: each costs the run some 20 ms. */
  readonly vendorPollMilliseconds: number;
  readonly variant: Variant;
};

export type Outage = OutageOptions & {
  readonly world: MeasureWorld;
  readonly limit: number;
  readonly samples: readonly Sample[];
  /** One for each recovery. */
  readonly passes: readonly Pass[];
  /** Errors that were no platform's fault. */
  readonly errors: readonly string[];
};

/** Between two looks of the engine at what others changed: there are none here, and days go by. */
const TIMING = { sweepMilliseconds: MINUTE, freshnessMilliseconds: HOUR };

/** @param database fresh, and migrated. @param hear of each hour, as it is over. */
export async function runOutage(
  database: Database,
  options: OutageOptions,
  hear: (sample: Sample) => void = () => undefined,
): Promise<Outage> {
  const { timetable } = options;
  const dice = diceOf(`outage ${options.seed}`);
  const timeline = new Timeline(timetable.from);
  const now = (): Instant => timeline.now;
  const tally = new Tally();
  const actors = actorsOf(options.clinics);
  const sites = openSites(timeline, options.seed);
  for (const site of Object.values(sites)) fillAgendas(site, actors, timetable);
  const declared = ADAPTERS[VENDOR].adapter.manifest.limits.requests;
  const limit = options.requestsPerMinute ?? declared;
  const vendorDoor = new Door(sites[VENDOR], limit, now);
  const errors: string[] = [];
  const gateway = startGateway(
    {
      timeline,
      database: new SharedDatabase(options.variant.database(database), timeline, dice.of('database')),
      sites,
      directory: directoryOf(actors, options.vendorPollMilliseconds),
      dice,
      tally,
      variant: options.variant,
      timing: TIMING,
      limitsOf: (id, limits) => (id === VENDOR ? { ...limits, requests: limit } : limits),
      onError: (where, error) => {
        if (!isFault(error)) errors.push(`${where}: ${String((error as Error)?.stack ?? error)}`);
      },
    },
    'the process',
  );
  const closings = new Closings();
  for (const site of Object.values(sites)) {
    const onForgery = () => undefined;
    const sender = { timeline, dice: dice.of(`webhooks of ${site.id}`), tally, secret: SECRET, onForgery };
    sendWebhooks(site, { ...sender, gateway: () => gateway });
    closings.watch(site, now);
  }
  trouble(timeline, sites[VENDOR], dice.of('trouble'), timetable);
  // The first readings of all agendas come before the first patient.
  await timeline.run(plus(timetable.from, HOUR));
  const { bookingsPerClinicAndWeek } = options;
  const crowdWorld = { timeline, timetable, sites, actors, bookingsPerClinicAndWeek };
  const crowd = new Crowd({ ...crowdWorld, dice: dice.of('crowd') });
  const world = { database, sites, crowd, closings, vendorDoor, actors, timetable };

  const samples: Sample[] = [];
  const backlogs: Backlog[] = [];
  while (timeline.now < timetable.until) {
    const recovery = outagesOf(timetable).find(({ until }) => until === timeline.now);
    if (recovery) backlogs.push(await backlogAt(database, timeline.now));
    await timeline.run(earlier(plus(timeline.now, HOUR), timetable.until));
    const sample = await measure(world, timeline.now);
    samples.push(sample);
    hear(sample);
  }
  gateway.life.kill();
  const passes = backlogs.map((backlog) => passOf(backlog, sites[VENDOR]));
  return { ...options, world, limit, samples, passes, errors };
}

function openSites(timeline: Timeline, seed: number): Readonly<Record<ConnectionId, Site>> {
  const common = {
    timeline,
    seed: `${seed}`,
    actors: [],
    days: 1,
    skewMilliseconds: 0,
    stalenessMilliseconds: 0,
    changesRemembered: 20_000,
  };
  const simulated = { [VENDOR]: bonjourSante, [RVSQ]: rvsq } as const;
  return each((id) =>
    id === VENDOR ? openSite(id, simulated[VENDOR], common) : openSite(id, simulated[RVSQ], common),
  );
}
