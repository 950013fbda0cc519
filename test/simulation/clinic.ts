import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import { DEFAULT_LIMIT } from '../../src/domain/absence.ts';
import type { DirectoryEntries } from '../../src/domain/directory.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import type { Calendar, Failover, Policy, Release } from '../../src/domain/schedule.ts';
import { codeTables } from '../../src/system/mappings.ts';
import { clinicEntries, scheduleOf } from '../support/clinic-configuration.ts';
import { ACTORS } from '../support/simulated-site.ts';

/** The clinic of a run: two made-up doctors, listed on both platforms, and in some runs a walk-in service. */

export const VENDOR = 'bonjour-sante';
export const RVSQ = 'rvsq';
export const CONNECTIONS = [VENDOR, RVSQ] as const;
/** How far their lists may lag: more than either declares, so that something happens in it. */
export const STALENESS_MILLISECONDS = 20_000;
export const SECRET = 'un-secret-pour-la-simulation';

export const ADAPTERS = {
  [VENDOR]: {
    adapter: bonjourSante,
    settings: { baseUrl: 'http://vendor.test', apiKey: VENDOR_KEY, webhookSecret: SECRET },
    maps: codeMaps(codeTables(VENDOR)),
    calendarOf: (actor: string) => `ag-${actor}`,
  },
  [RVSQ]: {
    adapter: rvsq,
    settings: { baseUrl: 'http://rvsq.test', apiKey: RVSQ_KEY },
    maps: codeMaps(codeTables(RVSQ)),
    calendarOf: (actor: string) => `pro-${actor}`,
  },
} as const;

export { scheduleOf };

export type ConnectionId = (typeof CONNECTIONS)[number];

/** Sees two at once, whoever they are. Three agendas sell its time, so one patient too many can find a place. */
const WALK_IN = {
  actor: 'accueil',
  lanes: 2,
  agendas: { [VENDOR]: ['accueil-1', 'accueil-2'], [RVSQ]: ['accueil-1'] },
} as const;

/** Whose agendas a platform has. */
export const agendasOn = (id: ConnectionId, walkIn: boolean): readonly string[] => [
  ...ACTORS,
  ...(walkIn ? WALK_IN.agendas[id] : []),
];

/** The actor whose time an agenda sells: its own, but of the walk-in service. */
export const whoseTime = (agenda: string): string =>
  agenda.startsWith(`${WALK_IN.actor}-`) ? WALK_IN.actor : agenda;

export const isWalkIn = (agenda: string): boolean => whoseTime(agenda) === WALK_IN.actor;

/** How many an actor sees at once. */
export const lanesOf = (actor: string): number => (actor === WALK_IN.actor ? WALK_IN.lanes : 1);

export const lanesOfSchedule = (id: string): number => (id === scheduleOf(WALK_IN.actor) ? WALK_IN.lanes : 1);

/** As it is configured. */
export function clinicOf(options: {
  readonly failover: Failover['mode'];
  readonly conflicts: Policy['conflicts'];
  readonly sharing: Policy['sharing'];
  /** Of RVSQ. */
  readonly topology: Calendar['topology'];
  readonly pollMilliseconds: Readonly<Record<ConnectionId, number>>;
  readonly walkIn: boolean;
  readonly release: Release;
}): DirectoryEntries {
  return {
    ...withWalkIn(clinicEntries(options), options.walkIn),
    connections: CONNECTIONS.map((id) => ({
      id,
      platform: id,
      title: ADAPTERS[id].adapter.manifest.title,
      pollMilliseconds: options.pollMilliseconds[id],
      freshnessMilliseconds: 30 * MINUTE,
      horizonMilliseconds: 10 * DAY,
      isEditedHere: false,
      asksPeople: false,
      isListed: false,
      suspect: DEFAULT_LIMIT,
    })),
    calendars: CONNECTIONS.flatMap((connectionId) =>
      agendasOn(connectionId, options.walkIn).map((agenda) => ({
        connectionId,
        externalId: ADAPTERS[connectionId].calendarOf(agenda),
        scheduleId: scheduleOf(whoseTime(agenda)),
        topology: connectionId === RVSQ ? options.topology : 'block',
      })),
    ),
  };
}

function withWalkIn(
  entries: ReturnType<typeof clinicEntries>,
  walkIn: boolean,
): ReturnType<typeof clinicEntries> {
  const [doctor, schedule] = [entries.practitioners[0], entries.schedules[0]];
  if (!walkIn || !doctor || !schedule) return entries;
  const { actor, lanes } = WALK_IN;
  return {
    ...entries,
    practitioners: [...entries.practitioners, { ...doctor, id: actor, family: actor }],
    schedules: [
      ...entries.schedules,
      { ...schedule, id: scheduleOf(actor), practitionerId: actor, capacity: lanes },
    ],
  };
}
