import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import type { Bookings, Operations, Reader } from '../engine/ports/front.ts';
import { appointments } from './appointments.ts';
import { capabilityStatement } from './capability.ts';
import { directoryResources } from './directory.ts';
import { confirmations } from './freshness.ts';
import { releases } from './release.ts';
import type { Resource } from './resource.ts';
import type { Context } from './search.ts';
import { slots } from './slots.ts';

/** The R4 front without HTTP: its resources, and what they say of themselves. */
export type Front = {
  readonly resources: readonly Resource[];
  readonly zone: string;
  readonly capabilities: (context: Context) => string;
};

export type FrontDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly bookings: Bookings;
  readonly operations: Pick<Operations, 'freshness' | 'releasedUntil' | 'bookableFrom'>;
  readonly clock: Pick<Clock, 'now'>;
};

const ZONE_DEFAULT = 'America/Toronto';

export function createFront(dependencies: FrontDependencies): Front {
  const { directory, reader, bookings, operations, clock } = dependencies;
  const startedAt = clock.now();
  const kept = directoryResources(directory);
  const resources = [
    slots({
      directory,
      reader,
      bookings,
      confirmations: confirmations(directory, operations, clock),
      releases: releases(directory, operations),
      scheduleText: kept.scheduleText,
    }),
    appointments({ directory, reader, bookings }),
    ...kept.resources,
  ];
  return {
    resources,
    zone: directory.entries.locations[0]?.timeZone ?? ZONE_DEFAULT,
    capabilities: (context) => JSON.stringify(capabilityStatement(resources, context, startedAt)),
  };
}
