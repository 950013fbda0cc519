import { r4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { once } from '../domain/once.ts';
import type { AuditReader } from '../engine/ports/audit.ts';
import type { Bookings, Operations, Reader } from '../engine/ports/front.ts';
import type { Offerings } from '../engine/ports/offerings.ts';
import type { ConfiguredResource, ConfiguredVersion, VersionReader } from '../engine/ports/versions.ts';
import { appointments } from './appointments.ts';
import { auditEvents } from './audit-events.ts';
import { BULK_PUBLISH } from './bulk-publish.ts';
import { capabilityStatement } from './capability.ts';
import { type CriteriaReader, criteriaReader } from './criteria.ts';
import { type Definitions, definitionResources, ourDefinitions } from './definitions.ts';
import { directoryResources } from './directory.ts';
import { confirmations } from './freshness.ts';
import { Graph } from './graph.ts';
import { type ReverseChains, reverseChains } from './has.ts';
import type { Operations as SystemOperations } from './operation.ts';
import { operationDefinitions } from './operation-definitions.ts';
import { type PatientDependencies, patientSource, patients } from './patients.ts';
import { releases } from './release.ts';
import type { Resource } from './resource.ts';
import type { Context } from './search.ts';
import { slots } from './slots.ts';
import { appointmentNode, appointmentSource, slotSource } from './stored-search.ts';
import { type SubscriptionDependencies, subscriptions } from './subscriptions.ts';
import { type Subsets, subsets } from './subset.ts';
import { type RefuseUnknownElements, unknownElementsRefuser } from './unknown-elements.ts';

/** The R4 front without HTTP: its resources, and what they say of themselves. */
export type Front = {
  readonly resources: readonly Resource[];
  /** On no type in particular. */
  readonly operations: SystemOperations;
  /** Of all that is read and found. */
  readonly subsets: Subsets;
  /** Of all that is created or changed. */
  readonly refuseUnknownElements: RefuseUnknownElements;
  readonly reverseChains: ReverseChains;
  readonly zone: string;
  readonly capabilities: (context: Context) => string;
  /** What matches a search, for whoever is to be told of changes. */
  readonly criteria: CriteriaReader;
};

export type FrontDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly audit: AuditReader;
  readonly versions: VersionReader;
  /** Of what configuredResources() gives, as they are stored. */
  readonly latest: readonly ConfiguredVersion[];
  readonly bookings: Bookings;
  readonly patients: PatientDependencies;
  readonly offerings: Offerings;
  readonly operations: Pick<Operations, 'freshness' | 'releasedUntil' | 'bookableFrom'>;
  readonly subscriptions: SubscriptionDependencies;
  readonly clock: Pick<Clock, 'now'>;
  readonly definitions: Definitions;
};

const ZONE_DEFAULT = 'America/Toronto';

export function createFront(dependencies: FrontDependencies): Front {
  const { directory, reader, versions, latest, bookings, offerings, operations, clock, definitions } =
    dependencies;
  const who = dependencies.patients;
  const startedAt = clock.now();
  const past = { versions, latest };
  const graph = new Graph();
  const configured = directoryResources(directory, offerings, past, graph);
  const freshness = confirmations(directory, operations, clock);
  const released = releases(directory, operations, offerings.schedules);
  const nodeOf = appointmentNode(
    (scheduleId) => graph.kind('Schedule')?.referencesOf(scheduleId, 'actor') ?? [],
  );
  const stored = {
    Slot: slotSource(reader, freshness, released),
    Appointment: appointmentSource(reader, nodeOf),
    Patient: patientSource(who),
  };
  const sources = { graph, stored };
  const ours = ourDefinitions(directory, definitions);
  const r4 = once(() => r4Definitions({ ...definitions.r4, ours }));
  const shared = {
    directory,
    reader,
    versions,
    bookings,
    patients: who,
    offerings,
    confirmations: freshness,
    releases: released,
    sources,
    r4,
  };
  const slot = slots(shared);
  const appointment = appointments({ ...shared, nodeOf });
  const zone = directory.entries.locations[0]?.timeZone ?? ZONE_DEFAULT;
  const criteria = criteriaReader({ Slot: slot, Appointment: appointment }, zone, clock);
  const offered = [
    slot,
    appointment,
    patients(who, sources),
    ...configured,
    ...definitionResources(directory, definitions, past, graph),
    subscriptions({ ...dependencies.subscriptions, criteria }),
    auditEvents(dependencies.audit),
  ];
  const system: SystemOperations = { 'bulk-publish': BULK_PUBLISH };
  const resources = [...offered, operationDefinitions(offered, system, past, graph)];
  return {
    resources,
    operations: system,
    subsets: subsets(r4),
    reverseChains: reverseChains(resources),
    refuseUnknownElements: unknownElementsRefuser(r4),
    zone,
    criteria,
    capabilities: (context) =>
      JSON.stringify(capabilityStatement({ resources, operations: system }, context, startedAt)),
  };
}

/** What this front would serve that follows from the configuration, to be stored before it does. */
export const configuredResources = (
  dependencies: Omit<FrontDependencies, 'latest'>,
): readonly ConfiguredResource[] =>
  createFront({ ...dependencies, latest: [] }).resources.flatMap(({ configured = [] }) => configured);
