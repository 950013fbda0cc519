import type { ReadAppointment } from '../../mappings/fhir/read-appointment.ts';
import type { Directory } from '../domain/directory.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { AppointmentRow, Bookings, Reader } from '../engine/ports/front.ts';
import type { SlotDetails } from '../engine/ports/store.ts';
import type { Answer } from './answer.ts';
import { bookingRefused, identifiersOf, isSameIdentifier, unknownSlot, whoComes } from './book.ts';
import { appointmentNotFound, tooLate } from './called-off.ts';
import { incomingAppointment, refuseOtherId } from './incoming.ts';
import { move, newSlot, wouldMove } from './move.ts';
import { type Issue, Refused } from './outcomes.ts';
import type { PatientDependencies } from './patients.ts';
import type { UpdateRequest } from './resource.ts';
import { appointmentAnswer, appointmentById } from './rows.ts';
import type { Context } from './search.ts';
import { textOf } from './stored.ts';

/**
 * `PUT Appointment/<id>`, through the platform where it is: with status cancelled cancels it, or gives back what was
 * held; with status booked books what was held, or moves what is booked to another slot.
 */

export type UpdateDependencies = {
  readonly patients: PatientDependencies;
  readonly directory: Directory;
  readonly reader: Reader;
  readonly bookings: Bookings;
};

/** What is so already stays, and succeeds. @throws Refused */
export async function update(dependencies: UpdateDependencies, request: UpdateRequest): Promise<Answer> {
  const { wanted, row, slot } = await wantedUpdate(dependencies, request);
  const { context } = request;
  if (slot) return move(dependencies, row, slot, context);
  if (row.status === wanted.status) return appointmentAnswer(row, context);
  return wanted.status === 'booked'
    ? bookHeld(dependencies, wanted, row, context)
    : cancel(dependencies, row, context);
}

/** As far as can be told without asking anybody. @throws Refused as update() would. */
export async function wouldUpdate(
  dependencies: UpdateDependencies,
  request: Omit<UpdateRequest, 'context'>,
): Promise<void> {
  const { row, slot } = await wantedUpdate(dependencies, request);
  if (slot) wouldMove(dependencies, row, slot);
}

/** What is to become of which appointment. @throws Refused */
async function wantedUpdate(
  dependencies: UpdateDependencies,
  { id, body, ifVersion }: Omit<UpdateRequest, 'context'>,
): Promise<{
  readonly wanted: ReadAppointment;
  readonly row: AppointmentRow;
  /** Where it is to be moved; null = nowhere. */
  readonly slot: SlotDetails | null;
}> {
  const wanted = incomingAppointment(body);
  refuseOtherId('Appointment', wanted.id, id);
  const row = await appointmentById(dependencies.reader, id);
  if (!row) throw appointmentNotFound();
  refuseOtherVersion(ifVersion, row);
  refuseOtherChanges(wanted, row);
  const slot = wanted.status === 'booked' ? await newSlot(dependencies, wanted, row) : null;
  return { wanted, row, slot };
}

/** @param ifVersion null = whichever it is. @throws Refused */
export function refuseOtherVersion(ifVersion: number | null, { version }: AppointmentRow): void {
  if (ifVersion === null || ifVersion === version) return;
  throw new Refused('version-mismatch', {
    diagnostics: {
      fr: `If-Match nomme la version ${ifVersion}, et c’est la version ${version} : relisez`,
      en: `If-Match names version ${ifVersion} and it is at version ${version}: read it again`,
    },
    expression: 'Appointment.meta.versionId',
  });
}

/** Under its own id. A hold that is over is booked as well, if its time is still free. */
async function bookHeld(
  { directory, bookings, patients }: UpdateDependencies,
  wanted: ReadAppointment,
  row: AppointmentRow,
  context: Context,
): Promise<Answer> {
  const slotId = textOf(row.document).slot?.[0]?.reference.slice('Slot/'.length);
  const slot = slotId === undefined ? null : await bookings.find(slotId);
  if (!slot) throw unknownSlot('Appointment.slot');
  const { comment } = wanted;
  const identifiers = identifiersOf(wanted, null);
  const who = await whoComes(patients, wanted);
  const result = await bookings.book({ slot, ...who, comment, identifiers, holdId: row.id });
  if (result.outcome !== 'booked' && result.outcome !== 'pending') {
    throw bookingRefused(result, 'Appointment.status', directory.zoneOf(slot.scheduleId));
  }
  return appointmentAnswer(result.appointment, context);
}

const CANCELLED = { fr: 'annulé', en: 'cancelled' };

async function cancel(
  { directory, bookings }: UpdateDependencies,
  row: AppointmentRow,
  context: Context,
): Promise<Answer> {
  const result = await bookings.cancel(row.id);
  switch (result.outcome) {
    case 'cancelled':
      return appointmentAnswer(result.appointment, context);
    case 'unknown-appointment':
      throw appointmentNotFound();
    case 'too-late':
      throw new Refused('too-late-to-cancel', {
        diagnostics: tooLate(CANCELLED, row, result.until, directory),
        expression: 'Appointment.status',
      });
    case 'not-cancellable':
      throw new Refused('not-cancellable', {
        diagnostics: result.reason,
        expression: 'Appointment.status',
      });
  }
}

const NOT_MOVED_TOO: Bilingual = {
  fr: 'ce qu’on annule n’est pas déplacé en même temps : laissez-le comme il est',
  en: 'what is cancelled is not moved at the same time: leave it as it is',
};

/**
 * What the body leaves out stays; what it says must be what is. What a contained patient says is not compared: it may not
 * be kept.
 */
function refuseOtherChanges(wanted: ReadAppointment, row: AppointmentRow): void {
  const issues: Issue[] = [];
  const change = (element: string, diagnostics: Bilingual): void => {
    issues.push({ diagnostics, expression: `Appointment.${element}` });
  };
  const { start, end, slot, comment, participant = [] } = textOf(row.document);
  if (wanted.status !== 'cancelled' && wanted.status !== 'booked') {
    const diagnostics = {
      fr: 'pour annuler, status cancelled; pour réserver ce qui est retenu ou déplacer, status booked; rien d’autre',
      en: 'to cancel it, status cancelled; to book what is held, or to move it, status booked; nothing else',
    };
    issues.push({ diagnostics, expression: 'Appointment.status' });
  }
  // Who wants it booked may mean another slot: that is a move.
  if (wanted.status !== 'booked') {
    if (wanted.interval && Date.parse(start) !== wanted.interval.start) change('start', NOT_MOVED_TOO);
    if (wanted.interval && Date.parse(end) !== wanted.interval.end) change('end', NOT_MOVED_TOO);
    if (wanted.slotId !== null && slot?.[0]?.reference !== `Slot/${wanted.slotId}`)
      change('slot', NOT_MOVED_TOO);
  }
  const isBookedNow = wanted.status === 'booked' && row.status !== 'booked';
  if (!isBookedNow && wanted.comment !== null && wanted.comment !== comment) {
    change('comment', {
      fr: 'son commentaire ne se change pas d’ici : annulez et réservez de nouveau',
      en: 'its comment is not changed from here: cancel and book anew',
    });
  }
  const isOther = ({ identifiers }: AppointmentRow): boolean =>
    wanted.identifiers !== null &&
    (wanted.identifiers.length !== identifiers.length ||
      !wanted.identifiers.every((each) => identifiers.some((one) => isSameIdentifier(each, one))));
  if (!isBookedNow && isOther(row)) {
    change('identifier', {
      fr: 'ses identifiants ne se changent pas d’ici : annulez et réservez de nouveau',
      en: 'its identifiers are not changed from here: cancel and book anew',
    });
  }
  const actors = participant.map((each) => each.actor.reference);
  // Who holds an hour says with the booking who comes.
  const kept = isBookedNow ? [] : wanted.keptPatient ? [wanted.keptPatient] : [];
  if (row.patientId !== null) actors.push(`Patient/${row.patientId}`);
  for (const { reference, expression } of [...wanted.actors, ...kept]) {
    if (actors.includes(reference)) continue;
    const diagnostics = {
      fr: 'ne participe pas à ce rendez-vous : annulez et réservez de nouveau',
      en: 'not a participant of this appointment: cancel and book anew',
    };
    issues.push({ diagnostics, expression });
  }
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
}
