import { type Instant, instant } from '../../src/domain/instant.ts';
import type { AppointmentRow, SlotRow } from '../../src/engine/ports/front.ts';
import type {
  AppointmentVersion,
  ConfiguredResource,
  ConfiguredVersion,
  ResourceVersion,
  SlotVersion,
  VersionKey,
  VersionQuery,
  VersionReader,
} from '../../src/engine/ports/versions.ts';

/** A test double of the port VersionReader, in memory. */

export type Past = {
  /** Former versions, and those with which something was gone. */
  slots: SlotVersion[];
  appointments: AppointmentVersion[];
  /** All versions. */
  resources: (ResourceVersion & { readonly type: string })[];
};

export const firstVersions = (resources: readonly ConfiguredResource[], at: Instant): Past['resources'] =>
  resources.map((resource) => ({ ...resource, version: 1, updatedMs: at }));

/** The latest version of each resource that is configured. */
export const latestOf = (resources: Past['resources']): ConfiguredVersion[] =>
  resources.filter(
    ({ type, id, version, document }) =>
      document !== null &&
      !resources.some((other) => other.type === type && other.id === id && other.version > version),
  );

type World = {
  readonly slots: readonly SlotRow[];
  readonly appointments: readonly AppointmentRow[];
  readonly past: Past;
  readonly failure: Error | null;
};

export function fakeVersions(world: World): VersionReader {
  const slots = (query: VersionQuery): SlotVersion[] => {
    const current = world.slots.map((row): SlotVersion => ({ state: 'current', row }));
    return matching([...current, ...world.past.slots], ({ row }) => row, query);
  };
  const appointments = (query: VersionQuery): AppointmentVersion[] =>
    matching([...world.appointments, ...world.past.appointments], (row) => row, query);
  const resources = (query: VersionQuery, type: string): ResourceVersion[] =>
    matching(
      world.past.resources.filter((each) => each.type === type),
      (row) => row,
      query,
    );
  const page = <T>(query: VersionQuery, all: readonly T[]): T[] => {
    if (world.failure) throw world.failure;
    return all.slice(0, query.limit);
  };
  return {
    slotVersions: async (query) => page(query, slots(query)),
    appointmentVersions: async (query) => page(query, appointments(query)),
    resourceVersions: async (query, type) => page(query, resources(query, type)),
    countSlotVersions: async (query) => slots(query).length,
    countAppointmentVersions: async (query) => appointments(query).length,
    countResourceVersions: async (query, type) => resources(query, type).length,
  };
}

function matching<T>(all: readonly T[], keyOf: (each: T) => VersionKey, query: VersionQuery): T[] {
  const { of, sinceMs, after } = query;
  const newestFirst = (a: VersionKey, b: VersionKey): number =>
    of
      ? b.version - a.version
      : b.updatedMs - a.updatedMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : b.version - a.version);
  const ordered = all
    .filter((each) => of === null || keyOf(each).id === of.id)
    .sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
  return ordered.filter((each, index) => {
    const key = keyOf(each);
    const newer = ordered[index - 1];
    const until = newer && of ? instant(keyOf(newer).updatedMs) : null;
    const { version, at } = of ?? { version: null, at: { fromMs: null, beforeMs: null } };
    return (
      (version === null || key.version === version) &&
      (at.fromMs === null || until === null || until > at.fromMs) &&
      (at.beforeMs === null || key.updatedMs < at.beforeMs) &&
      (sinceMs === null || key.updatedMs >= sinceMs) &&
      (after === null || newestFirst(key, after) > 0)
    );
  });
}
