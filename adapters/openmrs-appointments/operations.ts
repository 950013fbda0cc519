import { loserTo, onceWritten } from '../../src/adapter/claim.ts';
import type { Block, Book, Connect, Move, Operations, Remove, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy } from '../../src/adapter/observation.ts';
import { takesTime } from '../../src/domain/appointment-status.ts';
import { type Interval, interval, sameInterval } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import type { Settings } from './manifest.ts';
import type { Normalizer } from './normalize.ts';
import { bookingNote, closingNote } from './note.ts';
import type { Looks } from './reading.ts';
import { type Appointment, type AppointmentRequest, timeText } from './wire.ts';

/** One made-up patient has many bookings at once, and a patient's own two visits are theirs to sort out. */
const NOT_OURS_TO_JUDGE = 'PATIENT_DOUBLE_BOOKING';

/**
 * OpenMRS checks no overlap of a provider's appointments, and its `/conflicts` finds none: it is asked for what it knows,
 * and the provider's own appointments are looked at before a booking and after it.
 */
export function createOperations(
  client: Client,
  normalizer: Normalizer,
  looks: Looks,
  { settings }: Connect<Settings>,
): Omit<Operations, 'publish' | 'withdraw' | 'hold' | 'release'> {
  const fresh = (
    calendar: string,
    time: Interval,
    patientUuid: string,
    comments: string,
  ): AppointmentRequest => ({
    patientUuid,
    serviceUuid: settings.serviceUuid,
    serviceTypeUuid: null,
    locationUuid: settings.locationUuid ?? null,
    startDateTime: timeText(time.start),
    endDateTime: timeText(time.end),
    appointmentKind: 'Scheduled',
    status: 'Scheduled',
    comments,
    providers: [{ uuid: calendar, response: 'ACCEPTED' }],
  });

  /** As it stands and takes the provider's time; null when it does not. */
  async function standing({
    calendar,
    known,
  }: Pick<Remove, 'calendar' | 'known'>): Promise<Appointment | null> {
    const found = await client.get(known.externalId);
    const isThere =
      found && !found.voided && normalizer.isFor(found, calendar) && takesTime(normalizer.statusOf(found));
    return isThere ? found : null;
  }

  async function standingBlock(command: Remove): Promise<Appointment | null> {
    const found = await standing(command);
    const row = found && normalizer.busyOf(found, command.calendar);
    return row?.busyKind === 'block' && row.mark === command.mark ? found : null;
  }

  /** Whether it was asked to leave the time alone. */
  const isRefused = async (body: AppointmentRequest): Promise<boolean> =>
    // It needs no word of who comes.
    (await client.conflicts({ ...body, comments: null })).some((kind) => kind !== NOT_OURS_TO_JUDGE);

  async function others(
    calendar: string,
    time: Interval,
    uuid: string | null,
  ): Promise<readonly ObservedBusy[]> {
    return (await looks.taking(calendar, time)).filter(({ externalId }) => externalId !== uuid);
  }

  /** Who had the time first stays, by when OpenMRS made them and then by their ids, so that both sides see the same. */
  function loses(own: ObservedBusy, rivals: readonly ObservedBusy[]): boolean {
    const ranked = [own, ...rivals]
      .sort((a, b) => (a.changedAt ?? 0) - (b.changedAt ?? 0) || (a.externalId < b.externalId ? -1 : 1))
      .map((row, id) => ({ id, mark: row.mark, row }));
    const mine = ranked.find(({ row }) => row === own);
    return mine !== undefined && loserTo(mine, ranked) !== null;
  }

  async function book({ calendar, mark, interval: time, patient }: Book): Promise<Written> {
    const before = await looks.taking(calendar, time);
    const ours = before.find((row) => row.mark === mark);
    if (ours) return done(ours.externalId);
    if (before.length > 0) return { outcome: 'taken' };
    const note = bookingNote(mark, settings.patientInComments ? patient : null);
    const body = fresh(calendar, time, settings.bookingPatientUuid, note);
    if (await isRefused(body)) return { outcome: 'taken' };
    const { uuid } = await client.create(body);
    return onceWritten(async () => {
      const now = await looks.taking(calendar, time);
      const own = shownAsWritten(now, uuid, mark, time);
      if (
        !loses(
          own,
          now.filter((row) => row !== own),
        )
      )
        return done(uuid);
      await client.cancel(uuid);
      return { outcome: 'taken' };
    });
  }

  async function block({ calendar, mark, interval: time, known }: Block): Promise<Written> {
    const note = closingNote(mark);
    if (!known) {
      const { uuid } = await client.create(fresh(calendar, time, settings.blockPatientUuid, note));
      await onceWritten(async () => shownAsWritten(await looks.taking(calendar, time), uuid, mark, time));
      return done(uuid);
    }
    const before = await standingBlock({ calendar, mark, known });
    if (!before) return { outcome: 'gone' };
    if (sameInterval(timeOf(before), time)) return done(before.uuid);
    return done((await client.update(retimed(before, time))).uuid);
  }

  async function move({ calendar, known, interval: time }: Move): Promise<Written> {
    const before = await standing({ calendar, known });
    if (!before) return { outcome: 'gone' };
    if (sameInterval(timeOf(before), time)) return done(before.uuid);
    // Who has come already is not to be moved.
    if (normalizer.statusOf(before) !== 'booked') return { outcome: 'taken' };
    const body = retimed(before, time);
    if ((await others(calendar, time, before.uuid)).length > 0 || (await isRefused(body)))
      return { outcome: 'taken' };
    await client.update(body);
    return onceWritten(async () => {
      if ((await others(calendar, time, before.uuid)).length === 0) return done(before.uuid);
      // Somebody was faster. The old time is still its own, or is in conflict as it would have been without us.
      await client.update(retimed(before, timeOf(before)));
      return { outcome: 'taken' };
    });
  }

  async function end(found: Appointment | null): Promise<Written> {
    if (!found) return { outcome: 'gone' };
    // Who has come already is not to be cancelled.
    if (normalizer.statusOf(found) !== 'booked') return { outcome: 'taken' };
    await client.cancel(found.uuid);
    return { outcome: 'done', externalId: null, revision: null, sequence: null };
  }

  return {
    block,
    unblock: async (command) => end(await standingBlock(command)),
    book,
    cancel: async (command) => end(await standing(command)),
    move,
  };
}

const done = (externalId: string): Written => ({
  outcome: 'done',
  externalId,
  revision: null,
  sequence: null,
});

const timeOf = ({ startDateTime, endDateTime }: Appointment): Interval =>
  interval(startDateTime, endDateTime);

/** @throws Fault `unsure` when what was written does not come back as it was meant. */
function shownAsWritten(
  rows: readonly ObservedBusy[],
  uuid: string,
  mark: Mark,
  time: Interval,
): ObservedBusy {
  const own = rows.find(({ externalId }) => externalId === uuid);
  if (own?.mark === mark && sameInterval(own.interval, time)) return own;
  throw new Fault('unsure', 'it was written, and OpenMRS does not show it as it was meant');
}

/** All of it as it was, but the time: what is left out of a request is erased. */
function retimed(appointment: Appointment, time: Interval): AppointmentRequest & { readonly uuid: string } {
  const { uuid, patient, service, serviceType, location, appointmentKind, comments } = appointment;
  const { priority, dateAppointmentScheduled, providers } = appointment;
  return {
    uuid,
    patientUuid: patient.uuid,
    serviceUuid: service.uuid,
    serviceTypeUuid: serviceType,
    locationUuid: location,
    startDateTime: timeText(time.start),
    endDateTime: timeText(time.end),
    appointmentKind,
    comments: comments ?? null,
    ...(priority ? { priority } : {}),
    ...(dateAppointmentScheduled ? { dateAppointmentScheduled: timeText(dateAppointmentScheduled) } : {}),
    providers: providers.map((each) => ({
      uuid: each.uuid,
      response: each.response ?? 'ACCEPTED',
      ...(each.comments ? { comments: each.comments } : {}),
    })),
  };
}
