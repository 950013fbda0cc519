import type { z } from 'zod';
import { parseAs } from '../../mappings/fhir/findings.ts';
import { type ReadAppointment, readAppointment } from '../../mappings/fhir/read-appointment.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { Refused } from './outcomes.ts';

/** The body of a POST or PUT as an appointment. @throws Refused with everything that is wrong with it at once. */
export function incomingAppointment(body: unknown): ReadAppointment {
  if (typeof body !== 'object' || body === null || !('resourceType' in body)) {
    throw new Refused('wrong-resource', {
      diagnostics: {
        fr: 'le corps doit être un objet JSON avec un resourceType : un Appointment',
        en: 'the body must be a JSON object with a resourceType: an Appointment',
      },
      expression: 'Appointment',
    });
  }
  if (body.resourceType !== 'Appointment') {
    throw new Refused('wrong-resource', {
      diagnostics: {
        fr: 'le corps doit être un Appointment, comme le dit l’adresse',
        en: 'the body must be an Appointment, as the address says',
      },
      expression: 'Appointment.resourceType',
    });
  }
  const reading = readAppointment(body);
  if (reading.outcome === 'read') return reading.appointment;
  throw new Refused(
    'invalid-resource',
    reading.findings.map(({ code, message, expression }) => ({ code, diagnostics: message, expression })),
  );
}

/**
 * The body of a request that is no FHIR resource.
 * @param otherKeys what is said of a key that is not taken.
 * @throws Refused with all that is wrong; never with a value.
 */
export function bodyAs<T extends z.ZodType>(schema: T, body: unknown, otherKeys: Bilingual): z.output<T> {
  const parsed = parseAs(schema, body, '');
  if (parsed.ok) return parsed.data;
  throw new Refused(
    'invalid-resource',
    parsed.findings.map(({ message, expression }, index) => ({
      diagnostics: parsed.issues[index]?.code === 'unrecognized_keys' ? otherKeys : message,
      expression: expression.slice(1) || 'body',
    })),
  );
}
