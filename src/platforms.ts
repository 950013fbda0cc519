import { codeMaps } from './adapter/concept-map.ts';
import type { Platform } from './adapter/contract.ts';
import { createPace, type Turns } from './adapter/pace.ts';
import type { ConfiguredConnection } from './config/settings.ts';
import type { Directory } from './domain/directory.ts';
import { systemEnvironment } from './system/environment.ts';
import { codeTables } from './system/mappings.ts';

/**
 * Opens a configured connection to its platform. It makes no call yet.
 * @param shared the turns of all processes that call it; null = this one is alone.
 * @param tables its ConceptMaps.
 */
export function connectPlatform(
  { id, adapter, settings }: ConfiguredConnection,
  directory: Directory,
  shared: Turns | null = null,
  tables = codeTables(adapter.manifest.id),
): Platform {
  const { manifest } = adapter;
  return adapter.connect({
    connectionId: id,
    settings,
    limits: manifest.limits,
    pace: createPace(manifest.limits, systemEnvironment.clock, shared),
    environment: systemEnvironment,
    maps: codeMaps(tables),
    zoneOf: (calendar) => zoneOf(directory, id, calendar),
    transport: undefined,
  });
}

function zoneOf(directory: Directory, connectionId: string, externalId: string): string {
  const calendar = directory.calendar(connectionId, externalId);
  if (!calendar) throw new RangeError(`the calendar ${externalId} of ${connectionId} is not configured`);
  return directory.zoneOf(calendar.scheduleId);
}
