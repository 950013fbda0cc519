import { z } from 'zod';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS } from '../../domain/slot.ts';

/** What is configured of a calendar of events (RFC 5545), whatever it is read by. */

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

const Attributes = z
  .object({
    eligibility: z.array(z.enum(ELIGIBILITIES)).nullable().default(null),
    reasons: z.array(z.enum(REASONS)).nullable().default(null),
    reorientation: z.array(z.enum(REORIENTATIONS)).nullable().default(null),
    mode: z.enum(MODES).nullable().default(null),
    bookingUrl: z.url().nullable().default(null),
  })
  .describe('What the regulation (A-2.2, r. 1, s. 4) wants of every slot; null = not said');

const supply = {
  slotMinutes: z.int().min(5).max(480).describe('Length of a slot, in minutes'),
  horizonDays: z.int().min(1).max(366).default(28).describe('How far ahead slots are offered, in local days'),
  attributes: Attributes.prefault({}),
};

const Hours = z.object({
  weekdays: z.array(z.enum(WEEKDAYS)).min(1).describe('Days of the week, as in RFC 5545: MO … SU'),
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .describe('Local time at which work begins, HH:MM'),
  to: z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
    .describe('Local time at which it ends, HH:MM, at most 24:00'),
});

export const WorkingPlan = z.object({
  kind: z.literal('plan'),
  hours: z.array(Hours).min(1).describe('Working hours, cut into slots from each `from` on'),
  ...supply,
});

export const Availability = z.discriminatedUnion('kind', [
  WorkingPlan,
  z.object({ kind: z.literal('vavailability'), ...supply }),
]);

/** What a timed event stands for: time in the lock, or time that is closed. */
export const Events = z.enum(['appointment', 'block']);

export type Supply = z.output<typeof Availability>;
export type WorkingPlan = z.output<typeof WorkingPlan>;
