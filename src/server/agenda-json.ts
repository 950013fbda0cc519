import type { z } from 'zod';
import type { PatientDetails } from '../adapter/contract.ts';
import type { Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type Bilingual, practitionerName } from '../domain/schedule.ts';
import type { Agenda as AgendaPort, SeenListing, SeenPeriod, SeenSlot } from '../engine/ports/agenda.ts';
import type { OfferedSchedules } from '../engine/ports/offerings.ts';
import type * as contract from './contract/agenda.ts';

/** An agenda as JSON. */

type Json<S extends z.ZodType> = z.input<S>;

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

export function scheduleJson(
  directory: Directory,
  { calendars }: Pick<AgendaPort, 'calendars'>,
  offered: Pick<OfferedSchedules, 'of'>,
  id: string,
): Json<typeof contract.Schedule> {
  const { practitionerId, locationId, serviceId, capacity } = directory.schedule(id);
  const { practitioners, services } = directory.entries;
  const practitioner = practitioners.find((each) => each.id === practitionerId);
  const service = services.find((each) => each.id === serviceId);
  const location = directory.location(locationId);
  const linked = calendars(id).map(({ connectionId, confirmedAt, ...calendar }) => {
    const { title, isEditedHere, asksPeople } = directory.connection(connectionId);
    return {
      connection: connectionId,
      title,
      editedHere: isEditedHere,
      asksPeople,
      confirmedAt: text(confirmedAt),
      ...calendar,
    };
  });
  return {
    id,
    practitioner: {
      id: practitionerId,
      name: practitioner ? practitionerName(practitioner) : practitionerId,
    },
    location: { id: locationId, name: location.name },
    service: { id: serviceId, name: service?.name ?? { fr: serviceId, en: serviceId } },
    timeZone: location.timeZone,
    capacity,
    onOffer: offered.of(id)?.active ?? true,
    editedHere: linked.some(({ editedHere }) => editedHere),
    calendars: linked,
  };
}

export const slotJson = (slot: SeenSlot): Json<typeof contract.Slot> => ({
  id: slot.id,
  schedule: slot.scheduleId,
  connection: slot.connectionId,
  start: formatInstant(slot.interval.start),
  end: formatInstant(slot.interval.end),
  status: slot.status,
  withheld: slot.withheld,
  bookableFrom: text(slot.bookableFrom),
  version: slot.version,
  listings: slot.listings.map(listingJson),
});

/** @param patients those whom who asks may see. */
export function periodJson(
  period: SeenPeriod,
  patients: ReadonlyMap<string, PatientDetails>,
): Json<typeof contract.Period> {
  const { appointment, conflicts } = period;
  const patientId = appointment?.patientId ?? null;
  const details = patientId === null ? undefined : patients.get(patientId);
  return {
    id: period.id,
    schedule: period.scheduleId,
    kind: period.kind,
    start: formatInstant(period.interval.start),
    end: formatInstant(period.interval.end),
    lane: period.lane,
    origin: period.originId,
    reason: period.reason,
    endedAt: text(period.endedAt),
    status: appointment?.status ?? null,
    version: appointment?.version ?? null,
    slot: appointment?.slotId ?? null,
    patient: patientId !== null && details ? patientJson(patientId, details) : null,
    comment: appointment?.comment ?? null,
    expiresAt: text(period.expiresAt),
    conflicts: conflicts.map(({ id, withId, isResolved }) => ({
      id,
      with: withId,
      state: isResolved ? ('resolved' as const) : ('open' as const),
    })),
    canCancel: can(period.whyNotCancelled),
    canMove: can(period.whyNotMoved),
    listings: period.listings.map(listingJson),
  };
}

const patientJson = (id: string, { given, family, phone, nam }: PatientDetails) => ({
  id,
  name: `${given} ${family}`,
  phone,
  healthNumber: nam,
});

const can = (why: Bilingual | null) => (why === null ? { can: true as const } : { can: false as const, why });

export const listingJson = (listing: SeenListing): Json<typeof contract.Listing> => ({
  connection: listing.connectionId,
  schedule: listing.scheduleId,
  kind: listing.kind,
  wanted: listing.wanted,
  known: listing.known,
  state: listing.state,
  since: formatInstant(listing.since),
  differsSince: text(listing.differsSince),
  attempts: listing.attempts,
  nextAttemptAt: text(listing.nextAttemptAt),
  error: listing.error,
  externalId: listing.externalId,
});
