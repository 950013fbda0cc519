import { z } from 'zod';
import { HOLD_MILLISECONDS } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import { MINUTE } from '../domain/instant.ts';
import type { Bookings } from '../engine/ports/front.ts';
import { type Answer, ok } from './answer.ts';
import { bookingRefused, unknownSlot } from './book.ts';
import { Refused } from './outcomes.ts';
import { appointmentText } from './rows.ts';
import { isUuid } from './values.ts';

/**
 * `POST Slot/<id>/$hold`: keeps the slot for somebody who is about to book it, and answers with the pending Appointment
 * that it then is. PUT with status booked books it under its id, with status cancelled gives it back.
 */

const MOST_MINUTES = HOLD_MILLISECONDS.most / MINUTE;
const EXPRESSION = "Parameters.parameter.where(name='duration').value";

const Parameters = z.object({
  resourceType: z.literal('Parameters'),
  parameter: z
    .array(
      z.object({
        name: z.literal('duration'),
        valueDuration: z.object({
          value: z.number().positive().max(MOST_MINUTES),
          /** UCUM. */
          code: z.literal('min'),
          system: z.literal('http://unitsofmeasure.org').optional(),
          unit: z.string().optional(),
        }),
      }),
    )
    .max(1)
    .optional(),
});

/** @param body an R4 Parameters, or undefined: for as long as is usual. @throws Refused */
export async function holdSlot(
  { directory, bookings }: { readonly directory: Directory; readonly bookings: Bookings },
  slotId: string,
  body: unknown,
): Promise<Answer> {
  const milliseconds = durationOf(body);
  const slot = isUuid(slotId) ? await bookings.find(slotId) : null;
  if (!slot) throw unknownSlot('Slot.id');
  const result = await bookings.hold({ slot, milliseconds });
  if (result.outcome !== 'held')
    throw bookingRefused(result, 'Slot.status', directory.zoneOf(slot.scheduleId));
  const { appointment } = result;
  return {
    ...ok(appointmentText(appointment), { number: appointment.version, updatedMs: appointment.updatedMs }),
    outcome: 'created',
    path: `Appointment/${appointment.id}`,
  };
}

function durationOf(body: unknown): number {
  if (body === undefined) return HOLD_MILLISECONDS.usual;
  const parsed = Parameters.safeParse(body);
  if (!parsed.success) {
    throw new Refused('invalid-resource', {
      diagnostics:
        'the body is empty, or Parameters with a duration in minutes: { name: "duration", valueDuration: ' +
        `{ value: 5, system: "http://unitsofmeasure.org", code: "min" } }, ${MOST_MINUTES} at the most`,
      expression: EXPRESSION,
    });
  }
  const minutes = parsed.data.parameter?.[0]?.valueDuration.value;
  return minutes === undefined ? HOLD_MILLISECONDS.usual : Math.ceil(minutes * MINUTE);
}
