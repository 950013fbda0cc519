import { z } from 'zod';
import { storableText } from '../../src/adapter/texts.ts';
import { type Instant, instant, parseInstant } from '../../src/domain/instant.ts';

/**
 * The JSON of the appointments module of OpenMRS, as its contracts have it (omod, web/contract). Of the patient only the
 * UUID is read, to tell the two made-up ones from all others.
 */

export const ROWS_MAX = 20_000;

const Uuid = storableText(64).min(1);

/** Milliseconds since 1970, as Jackson writes a Date, or ISO 8601 with an offset that has no colon. */
const Time = z.union([z.int(), z.string().max(40)]).transform((value, context): Instant => {
  if (typeof value === 'number') return instant(value);
  try {
    return parseInstant(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  } catch {
    context.addIssue({ code: 'custom', message: 'not a time with an offset' });
    return z.NEVER;
  }
});

/** As the API wants a Date: `2026-11-24T14:20:00.000+0000`. */
export const timeText = (at: Instant): string => new Date(at).toISOString().replace('Z', '+0000');

const Named = z.object({ uuid: Uuid });
/** An empty object stands for nothing. */
const MaybeNamed = z
  .object({ uuid: Uuid.optional() })
  .nullish()
  .transform((each) => each?.uuid ?? null);

const Provider = z.object({
  uuid: Uuid,
  /** ACCEPTED, REJECTED, TENTATIVE, CANCELLED, AWAITING; one who was taken off stays in the list as CANCELLED. */
  response: z.string().max(40).nullish(),
  comments: z.string().nullish(),
});

export const Appointment = z
  .object({
    uuid: Uuid,
    status: storableText(40).min(1),
    startDateTime: Time,
    endDateTime: Time,
    providers: z
      .array(Provider)
      .nullish()
      .transform((list) => list ?? []),
    patient: Named,
    comments: z.string().nullish(),
    dateCreated: Time.nullish(),
    voided: z.boolean().nullish(),
    // Given back as they were when it gets another time.
    service: Named,
    serviceType: MaybeNamed,
    location: MaybeNamed,
    appointmentKind: z.string().max(40),
    priority: z.string().max(40).nullish(),
    dateAppointmentScheduled: Time.nullish(),
  })
  .refine(({ startDateTime, endDateTime }) => startDateTime < endDateTime, {
    path: ['endDateTime'],
    message: 'ends before it begins',
  });
export type Appointment = z.output<typeof Appointment>;

/** Where a row stands in a list. */
export const Started = z.object({ uuid: Uuid, startDateTime: Time });

/** Rows are checked one by one, so that a bad one does not hide the others. */
export const Rows = z.array(z.unknown()).max(ROWS_MAX);

/** What `/conflicts` answers where there are any: appointments by the kind of conflict. */
export const Conflicts = z.record(z.string(), z.array(z.unknown()));

const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/);
const MaybeTime = z
  .union([LocalTime, z.literal('')])
  .nullish()
  .transform((text) => text || null);

const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

export const Service = z.object({
  uuid: Uuid,
  durationMins: z.int().min(1).nullish(),
  startTime: MaybeTime,
  endTime: MaybeTime,
  weeklyAvailability: z
    .array(
      z.object({
        /** From 1, Monday, as ISO 8601 counts them. */
        dayOfWeek: z.enum(WEEKDAYS).transform((name) => WEEKDAYS.indexOf(name) + 1),
        startTime: LocalTime,
        endTime: LocalTime,
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
});
export type Service = z.output<typeof Service>;

const LocalDate = z.iso.date();
export const Unavailability = z.object({
  uuid: Uuid,
  location: MaybeNamed,
  service: MaybeNamed,
  provider: MaybeNamed,
  startDate: LocalDate,
  startTime: LocalTime,
  endDate: LocalDate,
  endTime: LocalTime,
  voided: z.boolean().nullish(),
});
export type Unavailability = z.output<typeof Unavailability>;

/** Of the REST module (webservices.rest), by `v=custom:`. */
export const NamedProvider = z.object({
  uuid: Uuid,
  person: z.object({ display: storableText(500).nullish() }).nullish(),
});
export const ProviderPage = z.object({
  results: z.array(z.unknown()).max(ROWS_MAX),
  links: z.array(z.object({ rel: z.string() })).nullish(),
});

/** What is written: AppointmentRequest. */
export type AppointmentRequest = {
  readonly uuid?: string;
  readonly patientUuid: string;
  readonly serviceUuid: string;
  readonly serviceTypeUuid: string | null;
  readonly locationUuid: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly dateAppointmentScheduled?: string;
  readonly appointmentKind: string;
  readonly status?: string;
  readonly priority?: string;
  readonly comments: string | null;
  readonly providers: readonly {
    readonly uuid: string;
    readonly response: string;
    readonly comments?: string;
  }[];
};
