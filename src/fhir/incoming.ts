import { type ReadAppointment, readAppointment } from '../../mappings/fhir/read-appointment.ts';
import { Refused } from './outcomes.ts';

/** The body of a POST or PUT as an appointment. @throws Refused with everything that is wrong with it at once. */
export function incomingAppointment(body: unknown): ReadAppointment {
  if (typeof body !== 'object' || body === null || !('resourceType' in body)) {
    throw new Refused('wrong-resource', {
      diagnostics: 'the body must be a JSON object with a resourceType: an Appointment',
      expression: 'Appointment',
    });
  }
  if (body.resourceType !== 'Appointment') {
    throw new Refused('wrong-resource', {
      diagnostics: 'the body must be an Appointment, as the address says',
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
