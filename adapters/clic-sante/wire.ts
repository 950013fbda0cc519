import { z } from 'zod';
import { storableText } from '../../src/adapter/texts.ts';
import { type Instant, parseInstant } from '../../src/domain/instant.ts';

/**
 * What Clic Santé answers. Free times: as public code that reads its pages has it (interface v3, not published).
 * Appointments: trimoz-technologies/hl7-fhir-ig 0.1.0, AppointmentProfile, where a patient is contained, who is not read.
 */

/** Numbers there; text here. */
const Id = z.union([z.int().nonnegative(), storableText(100).regex(/^[A-Za-z0-9\-.]+$/)]).transform(String);

const instantOf = (text: string, context: z.RefinementCtx): Instant => {
  try {
    return parseInstant(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not an instant' });
    return z.NEVER;
  }
};

/** UTC, whatever zone was asked for; without an offset too. */
const Utc = z
  .string()
  .transform((text, context) => instantOf(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`, context));
const At = z.string().transform(instantOf);

export const Services = z.array(
  z.object({
    id: Id,
    /** Minutes. */
    length: z
      .int()
      .min(1)
      .max(24 * 60),
  }),
);

/** Days that can be booked; those that are full are in `daysComplete`, and `schedules/day` may show times of them. */
export const Days = z.object({ availabilities: z.array(z.iso.date()).max(1_000) });

export const Day = z.object({ availabilities: z.array(z.unknown()).max(10_000) });

export const Availability = z.object({ id: Id, start: Utc, place: Id });
export type Availability = z.output<typeof Availability>;

const Coded = storableText(64);

export const Appointment = z.object({
  resourceType: z.literal('Appointment'),
  id: Id,
  status: Coded,
  start: At,
  end: At,
  created: At.optional(),
  participant: z
    .array(z.object({ status: Coded }))
    .min(1)
    .max(100),
  extension: z
    .array(z.object({ url: z.string(), valueCode: Coded.optional() }))
    .max(100)
    .default([]),
});
export type Appointment = z.output<typeof Appointment>;

/** By the end of its URL: the guide's canonical base is not settled. */
export const AVAILABILITY_STATE = /appointment-availability-state(-extension)?$/;

export const Bundle = z.object({
  resourceType: z.literal('Bundle'),
  total: z.int().nonnegative().optional(),
  link: z
    .array(z.object({ relation: z.string(), url: z.string().max(10_000) }))
    .max(20)
    .default([]),
  entry: z
    .array(z.object({ resource: z.unknown() }))
    .max(10_000)
    .default([]),
});
