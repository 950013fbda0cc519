import type { z } from 'zod';
import { type Finding, parseAs } from '../../mappings/fhir/findings.ts';
import { type ReadAppointment, readAppointment } from '../../mappings/fhir/read-appointment.ts';
import { type ReadSchedule, readSchedule } from '../../mappings/fhir/read-schedule.ts';
import { type ReadSlot, readSlot } from '../../mappings/fhir/read-slot.ts';
import { type ReadSubscription, readSubscription } from '../../mappings/fhir/read-subscription.ts';
import { isObject, type JsonObject } from '../../mappings/fhir/validation/json.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { type Issue, Refused } from './outcomes.ts';

/** The body of a POST or PUT as an appointment. @throws Refused with everything that is wrong with it at once. */
export function incomingAppointment(body: unknown): ReadAppointment {
  const reading = readAppointment(resourceOf('Appointment', body));
  if (reading.outcome === 'read') return reading.appointment;
  throw invalid(reading.findings);
}

/** The same of a slot. */
export function incomingSlot(body: unknown): ReadSlot {
  const reading = readSlot(resourceOf('Slot', body));
  if (reading.outcome === 'read') return reading.slot;
  throw invalid(reading.findings);
}

/** The same of a schedule. @param zone of it. */
export function incomingSchedule(body: unknown, zone: string): ReadSchedule {
  const reading = readSchedule(resourceOf('Schedule', body), zone);
  if (reading.outcome === 'read') return reading.schedule;
  throw invalid(reading.findings);
}

/** The same of a subscription. */
export function incomingSubscription(body: unknown): ReadSubscription {
  const reading = readSubscription(resourceOf('Subscription', body));
  if (reading.outcome === 'read') return reading.subscription;
  throw invalid(reading.findings);
}

/** @throws Refused where a body is of another resource than the address. */
export function refuseOtherId(type: string, said: string | null, id: string): void {
  if (said === id) return;
  throw new Refused('bad-request', {
    diagnostics: {
      fr: 'l’id du corps doit être celui de l’adresse',
      en: 'the id of the body must be the id of the address',
    },
    expression: `${type}.id`,
  });
}

/** @throws Refused when it is no resource, or one of another type than the address says. */
export function resourceOf(type: string, body: unknown): JsonObject {
  if (!isObject(body) || !Object.hasOwn(body, 'resourceType')) {
    throw new Refused('wrong-resource', {
      diagnostics: {
        fr: `le corps doit être un objet JSON avec un resourceType : un ${type}`,
        en: `the body must be a JSON object with a resourceType: ${type}`,
      },
      expression: type,
    });
  }
  if (body['resourceType'] === type) return body;
  throw new Refused('wrong-resource', {
    diagnostics: {
      fr: `le corps doit être un ${type}, comme le dit l’adresse`,
      en: `the body must be of type ${type}, as the address says`,
    },
    expression: `${type}.resourceType`,
  });
}

export const issuesOf = (findings: readonly Finding[]): Issue[] =>
  findings.map(({ code, message, expression }) => ({ code, diagnostics: message, expression }));

const invalid = (findings: readonly Finding[]): Refused =>
  new Refused('invalid-resource', issuesOf(findings));

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
