import { localTime } from '../../mappings/fhir/local-time.ts';
import type { ReadAppointment } from '../../mappings/fhir/read-appointment.ts';
import type { Directory } from '../domain/directory.ts';
import { hasNamCheckDigit } from '../domain/health-number.ts';
import { formatInstant } from '../domain/instant.ts';
import type { AppointmentIdentifier, IdentifierWrite } from '../engine/ports/appointments.ts';
import type { AppointmentRow, Bookings, BookOutcome } from '../engine/ports/front.ts';
import type { SlotDetails } from '../engine/ports/store.ts';
import { isActor } from './actors.ts';
import type { Answer } from './answer.ts';
import { incomingAppointment } from './incoming.ts';
import { type Issue, Refused } from './outcomes.ts';
import { detailsOf, type PatientDependencies } from './patients.ts';
import { appointmentAnswer } from './rows.ts';
import type { Context } from './search.ts';
import { isUuid } from './values.ts';

/** `POST Appointment`: books the slot that it refers to, through the platform that offers it. */

export type BookDependencies = {
  readonly patients: PatientDependencies;
  readonly directory: Directory;
  readonly bookings: Bookings;
};

const NEW_STATUSES: readonly ReadAppointment['status'][] = ['proposed', 'pending', 'booked'];
const RETRY_AFTER_SECONDS = '30';
const SLOT = 'Appointment.slot';

/**
 * @param sole one of its identifiers: it is booked only if no appointment has it, else the slot counts as taken.
 * @throws Refused: see the table of outcomes; what the platform says of a patient is not in it.
 */
export async function book(
  dependencies: BookDependencies,
  body: unknown,
  context: Context,
  sole: AppointmentIdentifier | null = null,
): Promise<Answer> {
  const { wanted, slot, who } = await wantedBooking(dependencies, body);
  const { comment } = wanted;
  const identifiers = identifiersOf(wanted, sole);
  const result = await dependencies.bookings.book({ slot, ...who, comment, identifiers, holdId: null });
  if (result.outcome === 'booked' || result.outcome === 'pending') {
    return created(result.appointment, context);
  }
  throw bookingRefused(result, SLOT, dependencies.directory.zoneOf(slot.scheduleId));
}

export const identifiersOf = (
  { identifiers }: ReadAppointment,
  sole: AppointmentIdentifier | null,
): IdentifierWrite[] =>
  (identifiers ?? []).map((each) => ({ ...each, isSole: sole !== null && isSameIdentifier(each, sole) }));

export const isSameIdentifier = (a: AppointmentIdentifier, b: AppointmentIdentifier): boolean =>
  a.system === b.system && a.value === b.value;

/** As far as can be told without asking anybody. @throws Refused as book() would. */
export async function wouldBook(dependencies: BookDependencies, body: unknown): Promise<void> {
  const { slot, wanted } = await wantedBooking(dependencies, body);
  refuseCheckDigit(wanted);
  if (slot.status === 'free') return;
  throw bookingRefused({ outcome: 'taken' }, SLOT, dependencies.directory.zoneOf(slot.scheduleId));
}

/** Who is to be booked on which slot. @throws Refused */
async function wantedBooking(
  { directory, bookings, patients }: BookDependencies,
  body: unknown,
): Promise<{ wanted: ReadAppointment; slot: SlotDetails; who: Who }> {
  const wanted = incomingAppointment(body);
  const { slotId } = wanted;
  if (!NEW_STATUSES.includes(wanted.status)) {
    throw new Refused('invalid-resource', {
      diagnostics: {
        fr: `un nouveau rendez-vous est ${NEW_STATUSES.join(', ')}`,
        en: `a new appointment is ${NEW_STATUSES.join(', ')}`,
      },
      expression: 'Appointment.status',
      code: 'business-rule',
    });
  }
  if (slotId === null) {
    const diagnostics = {
      fr: 'dites quelle plage est réservée : slot: [{ reference: "Slot/<id>" }]',
      en: 'say which slot is booked: slot: [{ reference: "Slot/<id>" }]',
    };
    throw new Refused('invalid-resource', { diagnostics, expression: SLOT, code: 'required' });
  }
  const slot = isUuid(slotId) ? await bookings.find(slotId) : null;
  if (!slot) throw unknownSlot(SLOT);
  const who = await whoComes(patients, wanted);
  refuseDifferences(wanted, slot, directory);
  return { wanted, slot, who };
}

export type Who = Pick<Parameters<Bookings['book']>[0], 'patient' | 'patientId'>;

/** @param at where the patient is. @throws Refused, without the number. */
export function refuseCheckDigit(
  { patient }: Pick<ReadAppointment, 'patient'>,
  at = 'Appointment.contained',
): void {
  if (!patient?.nam || hasNamCheckDigit(patient.nam, patient.birthDate)) return;
  throw new Refused('invalid-resource', {
    diagnostics: {
      fr: 'le dernier chiffre de ce numéro d’assurance maladie (NAM) n’est pas celui que les autres demandent : relisez-le sur la carte',
      en: 'the last digit of this health insurance number (NAM) is not the one that the others call for: read it again from the card',
    },
    expression: `${at}.identifier.value`,
    code: 'value',
  });
}

/** In the body, or one who is kept here. @param at where the body has a patient. @throws Refused when there is no such one. */
export async function whoComes(
  patients: PatientDependencies,
  wanted: Pick<ReadAppointment, 'patient' | 'keptPatient'>,
  at?: string,
): Promise<Who> {
  const { patient, keptPatient } = wanted;
  if (patients.namCheckDigit === 'refuse') refuseCheckDigit(wanted, at);
  if (!keptPatient) return { patient };
  const { id, expression } = keptPatient;
  const details = await detailsOf(patients, id);
  if (details) return { patient: details, patientId: id };
  throw new Refused('invalid-resource', {
    diagnostics: {
      fr: 'ce serveur ne garde pas ce Patient : mettez le patient dans Appointment.contained et désignez-le par #id',
      en: 'this server does not keep this Patient: put the patient in Appointment.contained and refer to it by #id',
    },
    expression,
    code: 'not-found',
  });
}

/** What a slot that could not be booked, or held, is answered with. @param zone IANA name, of its place. */
export function bookingRefused(
  result: Exclude<BookOutcome, { outcome: 'booked' | 'pending' }>,
  expression: string,
  zone: string,
): Refused {
  switch (result.outcome) {
    case 'taken':
      return new Refused('slot-taken', {
        diagnostics: {
          fr: 'la plage a été prise avant cette requête : cherchez les plages libres et réservez-en une autre',
          en: 'the slot was taken before this request: search for free slots and book another',
        },
        expression,
      });
    case 'not-released':
      return new Refused('slot-not-released', {
        diagnostics: {
          fr: `la plage peut être réservée à partir de ${localTime(result.from, zone)}`,
          en: `the slot may be booked from ${localTime(result.from, zone)} on`,
        },
        expression,
      });
    case 'not-offered':
      return new Refused('slot-not-offered', {
        diagnostics: {
          fr: 'son horaire n’est pas offert à cette heure : cherchez les plages libres et réservez-en une autre',
          en: 'its schedule is not on offer at that time: search for free slots and book another',
        },
        expression,
      });
    case 'not-bookable':
      return new Refused('not-bookable', { diagnostics: result.reason, expression });
    case 'unavailable':
      return new Refused(
        'unavailable',
        {
          diagnostics: {
            fr: `${result.reason.fr}; rien n’a été réservé, réessayez plus tard`,
            en: `${result.reason.en}; nothing was booked, try again later`,
          },
          expression,
        },
        { 'retry-after': RETRY_AFTER_SECONDS },
      );
  }
}

const created = (row: AppointmentRow, context: Context): Answer => ({
  ...appointmentAnswer(row, context),
  outcome: 'created',
  path: `Appointment/${row.id}`,
});

export const unknownSlot = (expression: string): Refused =>
  new Refused('unknown-slot', {
    diagnostics: {
      fr: 'aucune plage n’a cet id : elle a pu être retirée; cherchez les plages libres',
      en: 'no slot has this id: it may have been withdrawn; search for free slots',
    },
    expression,
  });

/**
 * A slot can be moved at its platform after a patient saw it. Who asks for 09:00 must not be booked at 14:00 because
 * the id is still the same. @throws Refused
 */
export function refuseDifferences(wanted: ReadAppointment, slot: SlotDetails, directory: Directory): void {
  const issues: Issue[] = [];
  const { start, end } = slot.interval;
  if (wanted.interval && start !== wanted.interval.start) {
    const [is, asked] = [formatInstant(start), formatInstant(wanted.interval.start)];
    const diagnostics = {
      fr: `la plage commence à ${is}, non à ${asked}`,
      en: `the slot starts at ${is}, not at ${asked}`,
    };
    issues.push({ diagnostics, expression: 'Appointment.start' });
  }
  if (wanted.interval && end !== wanted.interval.end) {
    const [is, asked] = [formatInstant(end), formatInstant(wanted.interval.end)];
    const diagnostics = {
      fr: `la plage finit à ${is}, non à ${asked}`,
      en: `the slot ends at ${is}, not at ${asked}`,
    };
    issues.push({ diagnostics, expression: 'Appointment.end' });
  }
  if (wanted.actors.length > 0) {
    const schedule = directory.schedule(slot.scheduleId);
    for (const { reference, expression } of wanted.actors) {
      if (isActor(schedule, reference)) continue;
      const diagnostics = {
        fr: `la plage n’est pas à eux : voyez les acteurs de Schedule/${slot.scheduleId}`,
        en: `the slot is not theirs: see the actors of Schedule/${slot.scheduleId}`,
      };
      issues.push({ diagnostics, expression });
    }
  }
  if (issues.length > 0) throw new Refused('slot-differs', issues);
}
