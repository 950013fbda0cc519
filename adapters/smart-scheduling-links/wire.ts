import { z } from 'zod';
import { storableText } from '../../src/adapter/texts.ts';
import { parseInstant } from '../../src/domain/instant.ts';

/** What publishers write: the manifest and lines of Schedule and Slot, of 2021 and of the draft of 2026. */

/** Examples of 2021 have an offset of hours alone, `-05`; others leave out its colon. */
const OFFSET = /([+-]\d\d):?(\d\d)?$/;
const HAS_TIME = /T\d\d:\d\d/;

const Time = z.string().transform((text, context) => {
  const time = HAS_TIME.test(text)
    ? text.replace(OFFSET, (_, hours: string, minutes = '00') => `${hours}:${minutes}`)
    : text;
  try {
    return parseInstant(time);
  } catch {
    context.addIssue({ code: 'custom', message: 'no instant with an offset' });
    return z.NEVER;
  }
});

const Output = z.looseObject({
  type: z.string(),
  /** Full by the specification; some write it relative to the manifest. */
  url: z.string().min(1).max(4_000),
  extension: z
    .looseObject({ state: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});
export type Output = z.output<typeof Output>;

export const Manifest = z.looseObject({
  transactionTime: Time,
  output: z.array(Output).max(5_000),
  /** Files that tell of what could not be published. */
  error: z.array(z.unknown()).default([]),
});
export type Manifest = z.output<typeof Manifest>;

export const Id = storableText(64).regex(/^[\w.-]+$/);
const Reference = z.looseObject({ reference: storableText(400).min(1) });
const Coded = z.looseObject({
  coding: z.array(z.looseObject({ code: z.string().optional() })).default([]),
});

/** A schedule as it is listed: who and where, by their references, and as they are called there. */
export const ListedSchedule = z.looseObject({
  resourceType: z.literal('Schedule'),
  id: Id,
  actor: z
    .array(z.looseObject({ reference: storableText(400).min(1), display: storableText(1_000).optional() }))
    .default([]),
});
export const Place = z.looseObject({
  resourceType: z.literal('Location'),
  id: Id,
  name: storableText(1_000).optional(),
});

export const ScheduleLine = z.looseObject({
  resourceType: z.literal('Schedule'),
  id: Id,
  /** 2021: exactly one place. 2026: a place, a role, or both. */
  actor: z.array(Reference).default([]),
});

const Extension = z.looseObject({
  url: z.string(),
  valueUrl: z.unknown().optional(),
  valueString: z.unknown().optional(),
});
export type Extension = z.output<typeof Extension>;

export const SlotLine = z
  .looseObject({
    resourceType: z.literal('Slot'),
    id: Id,
    schedule: Reference,
    /** 2021 knows the first two; the draft all of R4. */
    status: z.enum(['free', 'busy', 'busy-tentative', 'busy-unavailable', 'entered-in-error']),
    start: Time,
    end: Time,
    meta: z.looseObject({ lastUpdated: Time.optional() }).optional().catch(undefined),
    appointmentType: Coded.nullish(),
    extension: z.array(Extension).default([]),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], error: 'not after its start' });
export type SlotLine = z.output<typeof SlotLine>;

/** Of a line that does not fit: what of it can be told. */
export const Identified = z.looseObject({ id: Id });
export const Scheduled = z.looseObject({ schedule: Reference });
