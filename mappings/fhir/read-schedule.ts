import { z } from 'zod';
import type { ScheduleState } from '../../src/engine/ports/offerings.ts';
import { DateTimeText, endOf, firstOf } from './date-time.ts';
import { type Finding, parseAs, refusal } from './findings.ts';
import { STRING } from './validation/primitives.ts';
import { endsTooSoon } from './validation/words.ts';

/** An R4 Schedule that somebody sent us, checked: of what is written of one, whether it is on offer and for which time. */

export type ReadSchedule = { readonly id: string | null; readonly state: ScheduleState };

export type ScheduleReading =
  | { readonly outcome: 'read'; readonly schedule: ReadSchedule }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

const { fr, en } = STRING.expected;
/** Half of a character cannot be stored. */
const HALF = /\p{Cs}/u;

const Schedule = z.object({
  resourceType: z.literal('Schedule'),
  id: z.string().optional(),
  active: z.boolean().default(true),
  planningHorizon: z.object({ start: DateTimeText.optional(), end: DateTimeText.optional() }).default({}),
  comment: z
    .string()
    .max(2_000)
    .refine(
      (text) => STRING.is(text) && !HALF.test(text),
      refusal({ fr: `doit être ${fr}`, en: `must be ${en}` }, 'value'),
    )
    .optional(),
});

/**
 * Total: whatever the body is, it is read or it comes back with what is wrong, and never with a value of it.
 * @param zone IANA zone of the schedule, in which dates without a time are read.
 */
export function readSchedule(body: unknown, zone: string): ScheduleReading {
  const parsed = parseAs(Schedule, body, 'Schedule');
  if (!parsed.ok) return { outcome: 'invalid', findings: parsed.findings };
  const { id, active, planningHorizon, comment } = parsed.data;
  const { start: startText = null, end: endText = null } = planningHorizon;
  const start = startText === null ? null : firstOf(startText, zone);
  const end = endText === null ? null : endOf(endText, zone);
  if (start !== null && end !== null && !(start < end)) {
    return { outcome: 'invalid', findings: [endsTooSoon('Schedule.planningHorizon.end')] };
  }
  const state = { active, start, end, startText, endText, comment: comment ?? null };
  return { outcome: 'read', schedule: { id: id ?? null, state } };
}
