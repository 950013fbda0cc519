import { z } from 'zod';
import type { Directory } from '../domain/directory.ts';
import { MINUTE } from '../domain/instant.ts';
import type { Bilingual, Policy } from '../domain/schedule.ts';
import type { Bookings } from '../engine/ports/front.ts';
import { type Answer, ok } from './answer.ts';
import { bookingRefused, unknownSlot } from './book.ts';
import type { Operation } from './operation.ts';
import { Refused } from './outcomes.ts';
import { appointmentText } from './rows.ts';
import { isUuid } from './values.ts';

/**
 * `POST Slot/<id>/$hold`: keeps the slot for somebody who is about to book it, and answers with the pending Appointment
 * that it then is. PUT with status booked books it under its id, with status cancelled gives it back.
 */

const EXPRESSION = "Parameters.parameter.where(name='duration').value";

const EXAMPLE =
  '{ name: "duration", valueDuration: { value: 5, system: "http://unitsofmeasure.org", code: "min" } }';

const Parameters = z.object({
  resourceType: z.literal('Parameters'),
  parameter: z
    .array(
      z.object({
        name: z.literal('duration'),
        valueDuration: z.object({
          value: z.number().positive(),
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

type Dependencies = { readonly directory: Directory; readonly bookings: Bookings };

export const holdOperation = (dependencies: Dependencies): Operation => ({
  documentation: {
    fr:
      'Garde la plage pour qui s’apprête à la réserver : 5 minutes, ou la durée demandée. Répond par le rendez-vous ' +
      'en attente (pending), à réserver ou à annuler par PUT.',
    en:
      'Keeps the slot for who is about to book it: 5 minutes, or as long as is asked for. Answers with the pending ' +
      'Appointment, to be booked or cancelled by PUT.',
  },
  base: null,
  affectsState: true,
  needs: [{ type: 'Appointment', permission: 'c' }],
  parameters: [
    {
      name: 'duration',
      use: 'in',
      min: 0,
      max: 1,
      type: 'Duration',
      documentation: {
        fr: 'Combien de temps la garder, en minutes (UCUM min), selon ce que permet l’horaire.',
        en: 'For how long it is kept, in minutes (UCUM min), as far as the schedule allows.',
      },
    },
    {
      name: 'return',
      use: 'out',
      min: 1,
      max: 1,
      type: 'Appointment',
      documentation: {
        fr: 'Le rendez-vous en attente; l’extension appointment-held-until dit jusqu’à quand.',
        en: 'The pending appointment; its extension appointment-held-until says until when.',
      },
    },
  ],
  instance: (id, { body }) => holdSlot(dependencies, id, body),
});

/** @param body an R4 Parameters, or undefined: for as long as is usual. @throws Refused */
async function holdSlot(
  { directory, bookings }: Dependencies,
  slotId: string,
  body: unknown,
): Promise<Answer> {
  const asked = durationIn(body);
  const slot = isUuid(slotId) ? await bookings.find(slotId) : null;
  if (!slot) throw unknownSlot('Slot.id');
  const milliseconds = durationFor(directory.policyOf(slot.scheduleId), asked);
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

/** @returns milliseconds; null = nobody says. */
function durationIn(body: unknown): number | null {
  if (body === undefined) return null;
  const parsed = Parameters.safeParse(body);
  if (!parsed.success) {
    throw refusedDuration({
      fr: `le corps est vide, ou un Parameters avec une durée en minutes : ${EXAMPLE}`,
      en: `the body is empty, or Parameters with a duration in minutes: ${EXAMPLE}`,
    });
  }
  const minutes = parsed.data.parameter?.[0]?.valueDuration.value;
  return minutes === undefined ? null : Math.ceil(minutes * MINUTE);
}

function durationFor({ holds }: Policy, asked: number | null): number {
  const { usualMilliseconds, mostMilliseconds } = holds;
  if (asked !== null && asked > mostMilliseconds) {
    throw refusedDuration({
      fr: `une plage de cet horaire se retient ${mostMilliseconds / MINUTE} minutes au plus`,
      en: `a slot of this schedule is held for ${mostMilliseconds / MINUTE} minutes at the most`,
    });
  }
  return asked ?? usualMilliseconds;
}

const refusedDuration = (diagnostics: Bilingual): Refused =>
  new Refused('invalid-resource', { diagnostics, expression: EXPRESSION });
