import { type Claim, loserTo, onceWritten } from '../../src/adapter/claim.ts';
import type { Book, Connect, Operations, PatientDetails, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { DAY, formatInstant, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import type { Settings } from './manifest.ts';
import { bookingsIn, eventTypeIn, isStanding, MARK_KEY, markIn } from './normalize.ts';
import type { Booking } from './wire.ts';

const REASON = 'Passerelle';

type BookedClaim = Claim & { readonly uid: string };

/** Our commands as calls of API v2. */
export function createOperations(
  client: Client,
  { settings, zoneOf }: Connect<Settings>,
): Pick<Operations, 'book' | 'cancel'> {
  /** By all the rules of its booking page, and not while a patient there holds it and fills the form. */
  const isOffered = async (eventTypeId: number, time: Interval): Promise<boolean> =>
    (await client.freeSlots(eventTypeId, time)).some((each) => sameInterval(each, time));

  /** Bookings of the calendar that take some of that time. */
  async function claims(calendar: string, time: Interval): Promise<readonly BookedClaim[]> {
    const around = { start: plus(time.start, -DAY), end: plus(time.end, DAY) };
    const { bookings, rejected } = bookingsIn(await client.bookings(around));
    // It may take the very time: no look, no answer.
    if (rejected.length > 0) throw new Fault('malformed', 'a booking of that day cannot be read');
    return bookings
      .filter((each) => isStanding(each) && isOf(calendar, each) && overlaps(each, time))
      .map(({ id, uid, ...rest }) => ({ id, uid, mark: markIn(rest) }));
  }

  async function book({ calendar, mark, interval, slot, patient }: Book): Promise<Written> {
    const eventTypeId = eventTypeIn(slot) ?? settings.eventTypeIds[0] ?? 0;
    // A request that nobody confirmed yet may leave its time on offer.
    const isFree =
      (await isOffered(eventTypeId, interval)) && (await claims(calendar, interval)).length === 0;
    if (!isFree) return { outcome: 'taken' };
    const made = await client.book({
      eventTypeId,
      start: formatInstant(interval.start),
      attendee: attendeeOf(patient, settings, zoneOf(calendar)),
      metadata: { [MARK_KEY]: mark },
    });
    if (made.outcome === 'refused') {
      // It says 400 to everything that it refuses.
      if (!(await isOffered(eventTypeId, interval))) return { outcome: 'taken' };
      throw new Fault('malformed', 'the platform refused a booking of a time that it offers');
    }
    const { booking } = made;
    const winner = loserTo(booking, await onceWritten(() => claims(calendar, interval)));
    if (winner !== null) {
      await onceWritten(() => client.cancel(booking.uid, REASON));
      return winner.mark === mark ? done(winner.uid) : { outcome: 'taken' };
    }
    await onceWritten(() => confirmed(booking));
    return done(booking.uid);
  }

  /** Where the event type asks for it: nobody at the clinic has to say yes to what the gateway booked. */
  async function confirmed({ uid, status }: Booking): Promise<void> {
    if (status !== 'pending' || (await client.confirm(uid))) return;
    await client.cancel(uid, REASON);
    throw new Fault('malformed', 'the platform did not let the booking be confirmed');
  }

  return {
    book,
    cancel: async ({ known }) => {
      const answer = await client.cancel(known.externalId, REASON);
      if (answer === 'done') return { outcome: 'done', externalId: null, revision: null, sequence: null };
      const standing = answer === 'gone' ? null : await client.find(known.externalId);
      if (standing === null || !isStanding(standing)) return { outcome: 'gone' };
      throw new Fault('malformed', 'the platform did not let the booking be cancelled');
    },
  };
}

const done = (externalId: string): Written => ({
  outcome: 'done',
  externalId,
  revision: null,
  sequence: null,
});

const isOf = (calendar: string, { hosts }: Pick<Booking, 'hosts'>): boolean =>
  hosts.some(({ id }) => String(id) === calendar);

/** The least that it takes: the health insurance number and the date of birth stay here. */
function attendeeOf(patient: PatientDetails | null, { attendeeEmail, language }: Settings, timeZone: string) {
  const phoneNumber = e164(patient?.phone ?? null);
  return {
    name: patient ? `${patient.given} ${patient.family}` : 'Réservation Passerelle',
    email: patient?.email ?? attendeeEmail,
    timeZone,
    language,
    ...(phoneNumber === null ? {} : { phoneNumber }),
  };
}

/** ITU-T E.164, the only form that it takes. Ten digits are North American; what cannot be told is left out. */
function e164(phone: string | null): string | null {
  const digits = (phone ?? '').replace(/\D/g, '');
  if (phone?.trim().startsWith('+')) return /^\d{8,15}$/.test(digits) ? `+${digits}` : null;
  if (/^1?[2-9]\d{9}$/.test(digits)) return `+1${digits.slice(-10)}`;
  return null;
}
