import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { DEFAULT_LIMIT } from '../../src/domain/absence.ts';
import { Directory } from '../../src/domain/directory.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import type { Calendar, Failover, Policy } from '../../src/domain/schedule.ts';
import { loadMappings } from '../../src/system/mappings.ts';
import { clinicEntries, scheduleOf } from '../support/clinic-configuration.ts';
import { ACTORS } from '../support/simulated-site.ts';

/** The clinic of a run: two made-up doctors, listed on both platforms. */

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
    maps: loadMappings(VENDOR),
    calendarOf: (actor: string) => `ag-${actor}`,
  },
  [RVSQ]: {
    adapter: rvsq,
    settings: { baseUrl: 'http://rvsq.test', apiKey: RVSQ_KEY },
    maps: loadMappings(RVSQ),
    calendarOf: (actor: string) => `pro-${actor}`,
  },
} as const;

export type ConnectionId = (typeof CONNECTIONS)[number];

export function clinicDirectory(options: {
  readonly failover: Failover['mode'];
  readonly conflicts: Policy['conflicts'];
  readonly sharing: Policy['sharing'];
  /** Of RVSQ. */
  readonly topology: Calendar['topology'];
  readonly pollMilliseconds: Readonly<Record<ConnectionId, number>>;
}): Directory {
  return new Directory({
    ...clinicEntries(options),
    connections: CONNECTIONS.map((id) => ({
      id,
      platform: id,
      title: ADAPTERS[id].adapter.manifest.title,
      pollMilliseconds: options.pollMilliseconds[id],
      freshnessMilliseconds: 30 * MINUTE,
      horizonMilliseconds: 10 * DAY,
      suspect: DEFAULT_LIMIT,
    })),
    calendars: CONNECTIONS.flatMap((connectionId) =>
      ACTORS.map((actor) => ({
        connectionId,
        externalId: ADAPTERS[connectionId].calendarOf(actor),
        scheduleId: scheduleOf(actor),
        topology: connectionId === RVSQ ? options.topology : 'block',
      })),
    ),
  });
}
