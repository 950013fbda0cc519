import { localTime } from '../../mappings/fhir/local-time.ts';
import type { ReadAppointment } from '../../mappings/fhir/read-appointment.ts';
import type { Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { AppointmentRow, Bookings, Reader } from '../engine/ports/front.ts';
import type { Answer } from './answer.ts';
import { bookingRefused, unknownSlot } from './book.ts';
import { incomingAppointment } from './incoming.ts';
import { type Issue, Refused } from './outcomes.ts';
import type { UpdateRequest } from './resource.ts';
import { appointmentAnswer, appointmentById } from './rows.ts';
import { textOf } from './stored.ts';

/**
 * `PUT Appointment/<id>`, through the platform where it is: with status cancelled cancels it, or gives back what was
 * held; with status booked books what was held.
 */

export type UpdateDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly bookings: Bookings;
};

/** What is so already stays, and succeeds. @throws Refused */
export async function update(
  dependencies: UpdateDependencies,
  request: Omit<UpdateRequest, 'context'>,
): Promise<Answer> {
  const { wanted, row } = await wantedUpdate(dependencies, request);
  if (row.status === wanted.status) return appointmentAnswer(row);
  return wanted.status === 'booked' ? bookHeld(dependencies, wanted, row) : cancel(dependencies, row);
}

/** What is to become of which appointment. @throws Refused */
export async function wantedUpdate(
  { reader }: Pick<UpdateDependencies, 'reader'>,
  { id, body, ifVersion }: Omit<UpdateRequest, 'context'>,
): Promise<{ wanted: ReadAppointment; row: AppointmentRow }> {
  const wanted = incomingAppointment(body);
  if (wanted.id !== id) {
    const diagnostics = {
      fr: 'l’id du corps doit être celui de l’adresse',
      en: 'the id of the body must be the id of the address',
    };
    throw new Refused('bad-request', { diagnostics, expression: 'Appointment.id' });
  }
  const row = await appointmentById(reader, id);
  if (!row) throw notFound();
  if (ifVersion !== null && ifVersion !== row.version) {
    throw new Refused('version-mismatch', {
      diagnostics: {
        fr: `If-Match nomme la version ${ifVersion}, et c’est la version ${row.version} : relisez`,
        en: `If-Match names version ${ifVersion} and it is at version ${row.version}: read it again`,
      },
      expression: 'Appointment.meta.versionId',
    });
  }
  refuseOtherChanges(wanted, row);
  return { wanted, row };
}

/** Under its own id. A hold that is over is booked as well, if its time is still free. */
async function bookHeld(
  { directory, bookings }: UpdateDependencies,
  wanted: ReadAppointment,
  row: AppointmentRow,
): Promise<Answer> {
  const slotId = textOf(row.document).slot?.[0]?.reference.slice('Slot/'.length);
  const slot = slotId === undefined ? null : await bookings.find(slotId);
  if (!slot) throw unknownSlot('Appointment.slot');
  const { patient, comment } = wanted;
  const result = await bookings.book({ slot, patient, comment, holdId: row.id });
  if (result.outcome !== 'booked' && result.outcome !== 'pending') {
    throw bookingRefused(result, 'Appointment.status', directory.zoneOf(slot.scheduleId));
  }
  return appointmentAnswer(result.appointment);
}

async function cancel({ directory, bookings }: UpdateDependencies, row: AppointmentRow): Promise<Answer> {
  const result = await bookings.cancel(row.id);
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

const notFound = (): Refused =>
  new Refused('not-found', {
    diagnostics: { fr: 'aucun rendez-vous n’a cet id', en: 'no appointment has this id' },
  });

/** Whoever reads it is to know what to do, so it names the place to call where it is known. */
function tooLate(row: AppointmentRow, until: Instant, directory: Directory): Bilingual {
  const location = directory.hasSchedule(row.scheduleId)
    ? directory.location(directory.schedule(row.scheduleId).locationId)
    : null;
  const moment = location ? localTime(until, location.timeZone) : formatInstant(until);
  const placed = (name: string): string =>
    [location?.name ?? name, location?.phone].filter((part) => part).join(', ');
  return {
    fr: `il pouvait être annulé d’ici jusqu’à ${moment}; il tient : appelez ${placed('la clinique')}`,
    en: `it could be cancelled from here until ${moment}; it stands: call ${placed('the clinic')}`,
  };
}

/** What the body leaves out stays; what it says must be what is. A patient is not compared, since none is kept. */
function refuseOtherChanges(wanted: ReadAppointment, row: AppointmentRow): void {
  const issues: Issue[] = [];
  const change = (element: string, what: Bilingual): void => {
    const diagnostics = {
      fr: `${what.fr} : annulez et réservez de nouveau`,
      en: `${what.en}: cancel and book anew`,
    };
    issues.push({ diagnostics, expression: `Appointment.${element}` });
  };
  const { start, end, slot, comment, participant = [] } = textOf(row.document);
  if (wanted.status !== 'cancelled' && wanted.status !== 'booked') {
    const diagnostics = {
      fr: 'pour annuler, status cancelled; pour réserver ce qui est retenu, status booked; rien d’autre',
      en: 'to cancel it, status cancelled; to book what is held, status booked; nothing else',
    };
    issues.push({ diagnostics, expression: 'Appointment.status' });
  }
  if (wanted.interval && Date.parse(start) !== wanted.interval.start) {
    change('start', {
      fr: 'un rendez-vous ne se déplace pas d’ici',
      en: 'an appointment is not moved from here',
    });
  }
  if (wanted.interval && Date.parse(end) !== wanted.interval.end) {
    change('end', { fr: 'sa durée ne se change pas d’ici', en: 'its length is not changed from here' });
  }
  if (wanted.slotId !== null && slot?.[0]?.reference !== `Slot/${wanted.slotId}`) {
    change('slot', {
      fr: 'il ne se met pas d’ici sur une autre plage',
      en: 'it is not put on another slot from here',
    });
  }
  const isBookedNow = wanted.status === 'booked' && row.status !== 'booked';
  if (!isBookedNow && wanted.comment !== null && wanted.comment !== comment) {
    change('comment', {
      fr: 'son commentaire ne se change pas d’ici',
      en: 'its comment is not changed from here',
    });
  }
  const actors = participant.map((each) => each.actor.reference);
  for (const { reference, expression } of wanted.actors) {
    if (actors.includes(reference)) continue;
    const diagnostics = {
      fr: 'ne participe pas à ce rendez-vous : annulez et réservez de nouveau',
      en: 'not a participant of this appointment: cancel and book anew',
    };
    issues.push({ diagnostics, expression });
  }
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
}
