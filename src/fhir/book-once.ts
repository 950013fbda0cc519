import type { AppointmentIdentifier } from '../engine/ports/appointments.ts';
import type { AppointmentRow, Reader } from '../engine/ports/front.ts';
import type { Answer } from './answer.ts';
import { type BookDependencies, book, isSameIdentifier } from './book.ts';
import { incomingAppointment } from './incoming.ts';
import { Refused } from './outcomes.ts';
import { ANY, appointmentAnswer } from './rows.ts';
import type { Context } from './search.ts';

/**
 * A conditional create (R4, http.html, 3.1.0.8.1): whoever lost the answer to a booking asks again with the same identifier,
 * and gets the booking that was made instead of a second one.
 */

type Dependencies = BookDependencies & { readonly reader: Reader };

/** @param ifNoneExist the header; null = none. @throws Refused as a booking is, or if several have the identifier. */
export async function bookUnlessKnown(
  dependencies: Dependencies,
  body: unknown,
  context: Context,
  ifNoneExist: string | null,
): Promise<Answer> {
  if (ifNoneExist === null) return book(dependencies, body, context);
  const sole = criterionIn(ifNoneExist);
  const { identifiers } = incomingAppointment(body);
  if (!identifiers?.some((each) => isSameIdentifier(each, sole))) throw notItsOwn();
  const known = await knownBy(dependencies.reader, sole, context);
  if (known) return known;
  try {
    return await book(dependencies, body, context, sole);
  } catch (error) {
    if (!(error instanceof Refused) || error.outcome !== 'slot-taken') throw error;
    // Perhaps by the same request, sent twice at once: the database lets one of them through.
    const made = await knownBy(dependencies.reader, sole, context);
    if (made) return made;
    throw error;
  }
}

/** The one appointment that has it; null = none has. @throws Refused if several have. */
async function knownBy(
  reader: Reader,
  identifier: AppointmentIdentifier,
  context: Context,
): Promise<Answer | null> {
  const rows = await reader.searchAppointments({ ...ANY, ids: null, identifiers: [identifier], limit: 2 });
  const [row, another] = rows;
  if (another) {
    throw new Refused('several-matches', {
      diagnostics: {
        fr: 'plusieurs rendez-vous ont cet identifiant : aucun autre n’a été réservé',
        en: 'several appointments have this identifier: no other was booked',
      },
      expression: 'http.If-None-Exist',
    });
  }
  return row ? known(row, context) : null;
}

const known = (row: AppointmentRow, context: Context): Answer => ({
  ...appointmentAnswer(row, context),
  path: `Appointment/${row.id}`,
});

/** @throws Refused on any other search: only of an identifier the database sees to it that two at once are one booking. */
function criterionIn(ifNoneExist: string): AppointmentIdentifier {
  const [[name, value = ''] = [], ...more] = new URLSearchParams(ifNoneExist);
  const [, system, code] = /^([^|,]+)\|([^|,]+)$/.exec(value) ?? [];
  if (name === 'identifier' && more.length === 0 && system !== undefined && code !== undefined) {
    return { system, value: code };
  }
  throw new Refused('bad-request', {
    diagnostics: {
      fr: 'If-None-Exist : seul identifier=<system>|<value> est offert, une seule fois',
      en: 'If-None-Exist: only identifier=<system>|<value> is offered, once',
    },
    expression: 'http.If-None-Exist',
  });
}

const notItsOwn = (): Refused =>
  new Refused('invalid-resource', {
    diagnostics: {
      fr: 'If-None-Exist : le rendez-vous lui-même doit avoir cet identifiant, sinon on ne le retrouverait pas',
      en: 'If-None-Exist: the appointment itself must have this identifier, else it would not be found again',
    },
    expression: 'Appointment.identifier',
    code: 'business-rule',
  });
