import { dirname, join } from 'node:path';
import { type CodeMap, type CodeMaps, ConceptMapError, codeMaps } from './adapter/concept-map.ts';
import type { Limits, Platform } from './adapter/contract.ts';
import { type InstalledAdapter, isIsolated } from './adapter/isolated.ts';
import { createPace, type Turns } from './adapter/pace.ts';
import { createTargets } from './adapter/targets.ts';
import type { Configuration } from './config/read-configuration.ts';
import type { ConfiguredConnection } from './config/settings.ts';
import type { Directory } from './domain/directory.ts';
import type { Platforms } from './engine/ports/platforms.ts';
import { checkTable } from './fhir/definitions.ts';
import type { CatalogueEntry } from './server/adapters.ts';
import { systemEnvironment } from './system/environment.ts';
import { codeTables, contentOf, type TableOptions } from './system/mappings.ts';
import { OperatorError } from './system/operator-error.ts';
import { packageRoot } from './system/package-root.ts';

/**
 * Opens a configured connection to its platform. It makes no call yet.
 * @param shared the turns of all processes that call it; null = this one is alone.
 * @param tables its ConceptMaps.
 * @throws OperatorError where one that it needs is not there.
 */
export function connectPlatform(
  { id, adapter, settings, allowedTargets }: ConfiguredConnection,
  directory: Directory,
  shared: Turns | null = null,
  tables = tablesOf(adapter),
): Platform {
  const { manifest } = adapter;
  const common = {
    connectionId: id,
    settings,
    limits: manifest.limits,
    pace: createPace(manifest.limits, systemEnvironment.clock, shared),
    environment: systemEnvironment,
  };
  if (isIsolated(adapter)) {
    return adapter.open({ ...common, allowedTargets, tables, zones: zonesOf(directory, id) });
  }
  const maps = codeMaps(tables);
  return adapter.connect({
    ...common,
    targets: createTargets(allowedTargets),
    maps: { map: (id) => mapOf(maps, id, manifest.id) },
    zoneOf: (calendar) => zoneOf(directory, id, calendar),
    transport: undefined,
  });
}

/** The ConceptMaps of an adapter; one of another package brings its own. @throws OperatorError on one that cannot be used. */
export const tablesOf = (adapter: InstalledAdapter, check?: TableOptions['check']): readonly unknown[] =>
  codeTables(adapter.manifest.id, {
    ...(isIsolated(adapter) ? { root: adapter.mappings } : {}),
    ...(check ? { check } : {}),
  });

const zonesOf = (directory: Directory, connectionId: string): Record<string, string> =>
  Object.fromEntries(
    directory.entries.calendars
      .filter((calendar) => calendar.connectionId === connectionId)
      .map(({ externalId, scheduleId }) => [externalId, directory.zoneOf(scheduleId)]),
  );

/** By adapter. Read once, so that what is served is what is in use, whoever edits a file meanwhile. */
export const allTables = ({ connections }: Configuration): ReadonlyMap<string, readonly unknown[]> =>
  new Map(connections.map(({ adapter }) => [adapter.manifest.id, tablesOf(adapter, checkTable)]));

/**
 * All that are configured.
 * @param turns those of all processes that call them; null = this one is alone.
 */
export function openPlatforms(
  { connections }: Configuration,
  directory: Directory,
  conceptMaps: ReturnType<typeof allTables>,
  turns: { readonly of: (connectionId: string, limits: Limits) => Turns } | null,
  closers: (() => unknown)[],
): Platforms {
  const opened = new Map<string, ReturnType<Platforms['get']>>();
  for (const connection of connections) {
    const { manifest } = connection.adapter;
    const shared = turns?.of(connection.id, manifest.limits);
    const tables = conceptMaps.get(manifest.id) ?? [];
    const platform = connectPlatform(connection, directory, shared, tables);
    closers.push(() => platform.close());
    opened.set(connection.id, { platform, manifest, mappingContent: contentOf(tables) });
  }
  return {
    get: (connectionId) => {
      const found = opened.get(connectionId);
      if (!found) throw new RangeError(`unknown connection: ${connectionId}`);
      return found;
    },
  };
}

const REPORT_FILE = 'conformance.json';

/**
 * The adapters that are installed: ours, and those of other packages that some connection uses.
 * @param installed ours; those that are configured are told of in any case.
 */
export function catalogueOf(
  { connections }: Configuration,
  installed: ReadonlyMap<string, InstalledAdapter> = new Map(),
): CatalogueEntry[] {
  const all = [...installed.values(), ...connections.map(({ adapter }) => adapter)];
  const byId = new Map(all.map((adapter) => [adapter.manifest.id, adapter]));
  return [...byId.values()].map((adapter): CatalogueEntry => {
    const { manifest } = adapter;
    const folder = `adapters/${manifest.id}`;
    return isIsolated(adapter)
      ? {
          manifest,
          source: adapter.source,
          reportFile: join(dirname(adapter.mappings), REPORT_FILE),
          readme: null,
        }
      : {
          manifest,
          source: null,
          reportFile: join(packageRoot, folder, REPORT_FILE),
          readme: `${folder}/README.md`,
        };
  });
}

/** An operator may have renamed it, or removed its file. */
function mapOf(maps: CodeMaps, id: string, platform: string): CodeMap {
  try {
    return maps.map(id);
  } catch (error) {
    if (error instanceof ConceptMapError) throw new OperatorError(`mappings/${platform}/: ${error.message}`);
    throw error;
  }
}

function zoneOf(directory: Directory, connectionId: string, externalId: string): string {
  const calendar = directory.calendar(connectionId, externalId);
  if (!calendar) throw new RangeError(`the calendar ${externalId} of ${connectionId} is not configured`);
  return directory.zoneOf(calendar.scheduleId);
}
