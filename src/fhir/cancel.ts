import { localTime } from '../../mappings/fhir/local-time.ts';
import type { ReadAppointment } from '../../mappings/fhir/read-appointment.ts';
import type { Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { AppointmentRow, Bookings, Reader } from '../engine/ports/front.ts';
import type { Answer } from './answer.ts';
import { incomingAppointment } from './incoming.ts';
import { type Issue, Refused } from './outcomes.ts';
import type { UpdateRequest } from './resource.ts';
import { appointmentAnswer, appointmentById } from './rows.ts';
import { textOf } from './stored.ts';

/** `PUT Appointment/<id>` with status cancelled: cancels it, through the platform where it was made. */

export type CancelDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly bookings: Bookings;
};

/** Cancelling what is cancelled changes nothing and succeeds. @throws Refused */
export async function cancel(
  { directory, reader, bookings }: CancelDependencies,
  { id, body, ifVersion }: UpdateRequest,
): Promise<Answer> {
  const wanted = incomingAppointment(body);
  if (wanted.id !== id) {
    const diagnostics = 'the id of the body must be the id of the address';
    throw new Refused('bad-request', { diagnostics, expression: 'Appointment.id' });
  }
  const row = await appointmentById(reader, id);
  if (!row) throw notFound();
  if (ifVersion !== null && ifVersion !== row.version) {
    throw new Refused('version-mismatch', {
      diagnostics: `If-Match names version ${ifVersion} and it is at version ${row.version}: read it again`,
      expression: 'Appointment.meta.versionId',
    });
  }
  refuseOtherChanges(wanted, row);
  if (row.status === 'cancelled') return appointmentAnswer(row);
  const result = await bookings.cancel(id);
  switch (result.outcome) {
    case 'cancelled':
      return appointmentAnswer(result.appointment);
    case 'unknown-appointment':
      throw notFound();
    case 'too-late':
      throw new Refused('too-late-to-cancel', {
        diagnostics: tooLate(row, result.until, directory),
        expression: 'Appointment.status',
      });
    case 'not-cancellable':
      throw new Refused('not-cancellable', {
        diagnostics: result.reason,
        expression: 'Appointment.status',
      });
  }
}

const notFound = (): Refused => new Refused('not-found', { diagnostics: 'no appointment has this id' });

/** Whoever reads it is to know what to do, so it names the place to call where it is known. */
function tooLate(row: AppointmentRow, until: Instant, directory: Directory): string {
  const location = directory.hasSchedule(row.scheduleId)
    ? directory.location(directory.schedule(row.scheduleId).locationId)
    : null;
  const moment = location ? localTime(until, location.timeZone) : formatInstant(until);
  const place = [location?.name ?? 'the clinic', location?.phone].filter((part) => part).join(', ');
  return `it could be cancelled from here until ${moment}; it stands: call ${place}`;
}

/** What the body leaves out stays; what it says must be what is. A patient is not compared, since none is kept. */
function refuseOtherChanges(wanted: ReadAppointment, row: AppointmentRow): void {
  const issues: Issue[] = [];
  const change = (element: string, what: string): void => {
    issues.push({ diagnostics: `${what}: cancel and book anew`, expression: `Appointment.${element}` });
  };
  const { start, end, slot, comment, participant = [] } = textOf(row.document);
  if (wanted.status !== 'cancelled') {
    const diagnostics = 'the only change offered is to cancel: status cancelled';
    issues.push({ diagnostics, expression: 'Appointment.status' });
  }
  if (wanted.interval && Date.parse(start) !== wanted.interval.start) {
    change('start', 'an appointment is not moved from here');
  }
  if (wanted.interval && Date.parse(end) !== wanted.interval.end) {
    change('end', 'its length is not changed from here');
  }
  if (wanted.slotId !== null && slot?.[0]?.reference !== `Slot/${wanted.slotId}`) {
    change('slot', 'it is not put on another slot from here');
  }
  if (wanted.comment !== null && wanted.comment !== comment) {
    change('comment', 'its comment is not changed from here');
  }
  const actors = participant.map((each) => each.actor.reference);
  for (const { reference, expression } of wanted.actors) {
    if (actors.includes(reference)) continue;
    issues.push({ diagnostics: 'not a participant of this appointment: cancel and book anew', expression });
  }
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
}
