import { z } from 'zod';
import { instantText, storableText } from '../../src/adapter/texts.ts';

/** R4 resources, as far as they are looked at. All else passes: it goes back as it came when a resource is changed. */

/** R4, datatypes.html#id. */
export const Id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);

const Reference = z.looseObject({ reference: storableText(1_000).optional() });
const Concept = z.looseObject({
  coding: z
    .array(z.looseObject({ system: z.string().optional(), code: z.string().optional() }))
    .max(50)
    .default([]),
});
const Identifier = z.looseObject({ system: z.string().optional(), value: z.string().optional() });
const Extension = z.looseObject({
  url: z.string(),
  valueCode: z.string().optional(),
  valueDateTime: z.string().optional(),
  valueInstant: z.string().optional(),
});

const Common = {
  id: Id,
  meta: z
    .looseObject({ versionId: storableText(64).min(1).optional(), lastUpdated: instantText.optional() })
    .default({}),
  identifier: z.array(Identifier).max(50).default([]),
  extension: z.array(Extension).max(200).default([]),
};

export const Schedule = z.looseObject({
  resourceType: z.literal('Schedule'),
  id: Id,
  actor: z.array(Reference).min(1).max(50),
});

/** As it is listed: what is not said of who or where it is, is said by its references alone. */
export const ListedSchedule = z.looseObject({
  resourceType: z.literal('Schedule'),
  id: Id,
  active: z.boolean().optional(),
  actor: z
    .array(
      z.looseObject({ reference: storableText(1_000).optional(), display: storableText(1_000).optional() }),
    )
    .max(50),
});

/** What a schedule is of. */
export const Actor = z.looseObject({
  resourceType: z.string(),
  id: Id,
  /** Of persons a list; of places and services a text. */
  name: z
    .union([
      storableText(1_000),
      z
        .array(
          z.looseObject({
            text: storableText(1_000).optional(),
            family: storableText(500).optional(),
            given: z.array(storableText(500)).max(20).default([]),
          }),
        )
        .max(20),
    ])
    .optional(),
  identifier: z.array(Identifier).max(50).default([]),
});
export type Actor = z.output<typeof Actor>;

export const Slot = z.looseObject({
  resourceType: z.literal('Slot'),
  ...Common,
  schedule: Reference,
  status: storableText(64),
  start: instantText,
  end: instantText,
  serviceType: z.array(Concept).max(50).default([]),
  appointmentType: Concept.optional(),
  comment: z.string().optional(),
});
export type Slot = z.output<typeof Slot>;

export const Appointment = z.looseObject({
  resourceType: z.literal('Appointment'),
  ...Common,
  status: storableText(64),
  /** Absent where it is proposed, cancelled or on a waiting list (app-3). */
  start: instantText.optional(),
  end: instantText.optional(),
  participant: z
    .array(z.looseObject({ actor: Reference.optional() }))
    .max(500)
    .default([]),
});
export type Appointment = z.output<typeof Appointment>;

export type Type = 'Slot' | 'Appointment';

/** A resource that is to be changed: it goes back as it came, but for what we change. */
export const Raw = z.looseObject({ resourceType: z.enum(['Slot', 'Appointment']), id: Id });
export type Raw = z.output<typeof Raw>;

export const Bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('searchset'),
  total: z.int().nonnegative().optional(),
  link: z
    .array(z.looseObject({ relation: z.string(), url: z.string().max(10_000) }))
    .max(20)
    .default([]),
  entry: z
    .array(
      z.looseObject({
        resource: z.unknown(),
        search: z.looseObject({ mode: z.string().optional() }).optional(),
      }),
    )
    .max(10_000)
    .default([]),
});

const Parameters = z.array(z.looseObject({ name: z.string() })).default([]);

export const CapabilityStatement = z.looseObject({
  resourceType: z.literal('CapabilityStatement'),
  fhirVersion: z.string(),
  rest: z
    .array(
      z.looseObject({
        searchParam: Parameters,
        resource: z.array(z.looseObject({ type: z.string(), searchParam: Parameters })).default([]),
      }),
    )
    .default([]),
});

/** RFC 6749, section 5.1. */
export const Token = z.looseObject({
  access_token: z.string().min(1).max(10_000),
  expires_in: z.number().positive().default(300),
});
