import { randomUUID } from 'node:crypto';
import { documents } from '../../mappings/fhir/documents.ts';
import { markOf } from '../../src/adapter/observation.ts';
import type { BusyPeriod } from '../../src/domain/busy.ts';
import { Directory } from '../../src/domain/directory.ts';
import { instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { busyFingerprint, type Listing } from '../../src/domain/listing.ts';
import type { Database } from '../../src/store/database.ts';
import { claimSlot } from '../../src/store/statements/claim-slot.ts';
import { confirmBooking } from '../../src/store/statements/confirm-booking.ts';
import { type ClinicSize, type ClinicSlot, directoryOf, HOME, slotAt, slotCount } from '../clinic.ts';
import { caller } from './caller.ts';

/** A booking in three steps: Passerelle's own claim, the call of the home platform, Passerelle's own confirmation. */

type Answer = { readonly status: number; readonly text: string };

export function createBooking(database: Database, size: ClinicSize, homeUrl: string) {
  const write = documents(new Directory(directoryOf(size)));
  const call = caller(homeUrl);
  const slots = new Map<string, ClinicSlot>();
  for (let index = 0; index < slotCount(size); index += 1) {
    const slot = slotAt(size, index);
    slots.set(slot.id, slot);
  }

  return async (body: string): Promise<Answer> => {
    const wanted = JSON.parse(body) as { slot: [{ reference: string }]; contained: unknown[] };
    const slot = slots.get(wanted.slot[0].reference.slice(5));
    if (!slot) return { status: 404, text: '' };
    const at = instant(Date.now());
    const busy = busyOn(slot, at);
    const listing = listingOf(slot, busy);
    const document = write.appointment(busy, { slotId: slot.id, comment: null });
    const event = {
      at,
      connectionId: HOME,
      busyId: busy.id,
      scheduleId: slot.scheduleId,
      interval: slot.interval,
    };
    const claim = {
      slotId: slot.id,
      busy,
      capacity: 1,
      appointment: {
        ...slot,
        id: busy.id,
        slotId: slot.id,
        status: 'pending',
        document,
        sealedPatient: null,
      },
      listing,
      leaseUntil: plus(at, MINUTE),
      events: [{ type: 'appointment.claimed', ...event }],
    } as const;
    if (!(await claimSlot(database, claim, at))) return { status: 409, text: '' };
    const { calendar, interval, externalId } = slot;
    const [patient] = wanted.contained;
    const wish = { calendar, mark: markOf(busy.id), slot: externalId, ...interval, patient };
    const booked = await call('POST', '/bookings', JSON.stringify(wish));
    const { id } = JSON.parse(booked) as { id: string };
    const recorded = { known: listing.desired, externalId: id, revision: null, sequence: null };
    const events = [{ type: 'appointment.booked', ...event }] as const;
    await confirmBooking(database, { key: listing, recorded, mirrors: [], events }, at);
    const meta = `"meta":{"versionId":"2","lastUpdated":"${new Date(at).toISOString()}"}}`;
    return { status: 201, text: `${document},"status":"booked",${meta}` };
  };
}

const busyOn = (slot: ClinicSlot, at: BusyPeriod['changedAt']): BusyPeriod => ({
  id: randomUUID(),
  actorId: slot.actorId,
  scheduleId: slot.scheduleId,
  kind: 'appointment',
  interval: slot.interval,
  lane: null,
  originId: HOME,
  expiresAt: null,
  changedAt: at,
});

const listingOf = (slot: ClinicSlot, busy: BusyPeriod): Listing => ({
  connectionId: HOME,
  calendar: slot.calendar,
  subjectId: busy.id,
  kind: 'booking',
  home: 'asked',
  scheduleId: slot.scheduleId,
  interval: slot.interval,
  desired: busyFingerprint('appointment', slot.interval),
  known: null,
  unsure: true,
  externalId: null,
  revision: null,
  sequence: null,
  knownAt: busy.changedAt,
});
