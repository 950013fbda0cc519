import { z } from 'zod';
import { storableText } from '../../src/adapter/texts.ts';

/** The JSON of Easy!Appointments' API v1 (openapi.yml of version 1.5). What we do not use is not checked. */

export const Id = z.number().int().min(1);

/** `2026-11-24 09:20:00`, local to the provider, without an offset. */
export const LocalTime = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);

const Timed = { id: Id, start: LocalTime, end: LocalTime, notes: z.string().max(65_535).nullable() };

export const Appointment = z.object({
  ...Timed,
  providerId: Id,
  serviceId: Id.nullable(),
  customerId: Id.nullable(),
});
export const Unavailability = z.object({ ...Timed, providerId: Id });
/** Closes every provider. */
export const BlockedPeriod = z.object({ id: Id, start: LocalTime, end: LocalTime });

export type Appointment = z.output<typeof Appointment>;
export type Unavailability = z.output<typeof Unavailability>;
export type BlockedPeriod = z.output<typeof BlockedPeriod>;

/** Rows are checked one by one, so that a bad one does not hide the others. */
export const Rows = z.array(z.unknown());

const Clock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);
const Span = z.object({ start: Clock, end: Clock });
export const WorkingDay = z.object({ ...Span.shape, breaks: z.array(Span).default([]) });
export type WorkingDay = z.output<typeof WorkingDay>;

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
const Day = WorkingDay.nullish();

export const Provider = z.object({
  id: Id,
  timezone: z.string().min(1).max(100),
  services: z.array(Id),
  settings: z.object({
    workingPlan: z.object({
      monday: Day,
      tuesday: Day,
      wednesday: Day,
      thursday: Day,
      friday: Day,
      saturday: Day,
      sunday: Day,
    }),
    /** By ISO date; null = closed that day. PHP writes an empty map as an empty list. */
    workingPlanExceptions: z
      .union([z.record(z.string(), WorkingDay.nullable()), z.array(z.never()).transform(() => ({}))])
      .nullish()
      .transform((found): Record<string, WorkingDay | null> => found ?? {}),
  }),
});
export type Provider = z.output<typeof Provider>;

/** Whose agenda it is. A provider whose plan cannot be read is one too. */
export const Named = z.object({
  id: Id,
  firstName: storableText(256).nullish(),
  lastName: storableText(512).nullish(),
});

export const Service = z.object({
  id: Id,
  name: storableText(256).min(1),
  /** Minutes. */
  duration: z
    .number()
    .int()
    .min(1)
    .max(24 * 60),
  availabilitiesType: z.string().default('flexible'),
  attendantsNumber: z.number().int().min(1).default(1),
});
export type Service = z.output<typeof Service>;

export const Setting = z.object({ name: z.string(), value: z.union([z.string(), z.number()]).nullable() });

export const Customer = z.object({
  id: Id,
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
});

/** Every error but a missing record and a missing permission is HTTP 500 with this. */
export const Problem = z.object({ success: z.literal(false), message: z.string() });

/** The row of the database as it stands, so in other words than the API's. */
export const Delivery = z.object({
  action: z.string().max(100),
  payload: z.looseObject({ id_users_provider: z.coerce.number().int().min(1).nullish() }),
});
