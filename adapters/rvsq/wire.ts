import { z } from 'zod';
import { instantText, storableText } from '../../src/adapter/texts.ts';
import { readLocal } from '../../src/adapter/zone.ts';
import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';

/**
 * The JSON of RVSQ as we assume it, in the words of its public site: RAMQ publishes no API. When the real contract
 * comes, this file, the calls of client.ts and mappings/rvsq/ change, and nothing else.
 * What we do not use (reminders, location, title of the reason …) is not checked: a change there must not stop us.
 */

export const PAGE_ROWS_MAX = 1000;
/** Of one establishment, which are told at once. */
const PROFESSIONALS_MAX = 10_000;

const Id = storableText(200).min(1);
const Code = storableText(100).min(1);
const Codes = z.array(Code).max(50).nullable();
const Cursor = storableText(500).min(1);
const DurationMinutes = z
  .number()
  .int()
  .min(1)
  .max(31 * 24 * 60);

/** When: the local time of the place, the same in UTC, and how long. */
const When = {
  date: z.string().max(40),
  dateUtc: instantText,
  duration: DurationMinutes,
  timeZone: z.string().max(100),
};
type When = { date: string; dateUtc: Instant; duration: number; timeZone: string };

/**
 * The UTC time decides. A local time that is not that instant means that one of the two is wrong, and nobody can
 * tell which; on the night when the clocks go back both readings of a repeated hour are right.
 */
const agrees = ({ date, dateUtc, timeZone }: When): boolean => {
  try {
    const reading = readLocal(date, timeZone);
    return reading.at === dateUtc || (reading.kind === 'repeated' && reading.second === dateUtc);
  } catch {
    return false;
  }
};
const AGREEMENT = { path: ['date'], message: 'is not dateUtc in timeZone' };

export const timeOf = ({ dateUtc, duration }: Pick<When, 'dateUtc' | 'duration'>): Interval =>
  interval(dateUtc, plus(dateUtc, duration * MINUTE));

const Common = {
  id: Id,
  professionalId: Id,
  /** Grows with each change of any record. */
  changeNumber: z.number().int().nonnegative(),
  externalReference: Id.nullable(),
  modifiedUtc: instantText,
  ...When,
};

/** The attributes of a slot, in RVSQ's codes; null = not said. */
export const Offer = z.object({
  availableSinceUtc: z.string().nullable(),
  consultingReasons: z
    .array(z.object({ uid: Code }))
    .max(50)
    .nullable(),
  /** The search cascade: 1 my doctor, 2 clinics of the same GMF, 3 clinics nearby; 4 another professional's. */
  clientele: Codes,
  /** Where the visit may come from: regular, 811, CH, GAP. */
  origins: Codes,
  visitType: Code.nullable(),
});
export type Offer = z.output<typeof Offer>;

export const Availability = z
  .object({
    type: z.literal('availability'),
    ...Common,
    ...Offer.shape,
    availableSinceUtc: instantText.nullable(),
    bookingUrl: storableText(2000).nullable(),
  })
  .refine(agrees, AGREEMENT);
export type Availability = z.output<typeof Availability>;

export const Activity = z
  .object({
    type: z.literal('activity'),
    ...Common,
    referenceNumber: Id,
    isConfirmed: z.boolean(),
    /** By any of these the time is free again, although the record stays. */
    isDeclined: z.boolean(),
    isRemoved: z.boolean(),
    isDeleted: z.boolean(),
    /**
     * Until when the time is only locked for somebody who fills in the form; then it is free again, unless it was
     * confirmed. Null or left out = an appointment.
     */
    lockedUntilUtc: instantText.nullish(),
  })
  .refine(agrees, AGREEMENT);
export const Unavailability = z
  .object({ type: z.literal('unavailability'), ...Common })
  .refine(agrees, AGREEMENT);

export const RvsqRecord = z.discriminatedUnion('type', [Availability, Activity, Unavailability]);
export type RvsqRecord = z.output<typeof RvsqRecord>;

/** All that a change says of a record that is there no more. */
export const Deleted = z.object({
  type: z.enum(['availability', 'activity', 'unavailability']),
  id: Id,
  changeNumber: z.number().int().nonnegative(),
  isDeleted: z.literal(true),
});

/** Rows are checked one by one, so that a bad one does not hide the others. */
export const RecordPage = z.object({
  records: z.array(z.unknown()).max(PAGE_ROWS_MAX),
  /** Where the next page begins; null = this was the last. */
  next: Cursor.nullable(),
});
export const ChangePage = z.object({
  changes: z.array(z.unknown()).max(PAGE_ROWS_MAX),
  cursor: Cursor,
  hasMore: z.boolean(),
});
export const LatestCursor = z.object({ cursor: Cursor });
/** Who sees patients, with an agenda. The licence is that of the Collège des médecins; null = not said, as of a nurse. */
export const Professional = z.object({
  id: Id,
  lastName: storableText(200).min(1),
  firstName: storableText(200),
  licenceNumber: storableText(50).nullable(),
  locationName: storableText(200).nullable(),
});
export const Professionals = z.object({ professionals: z.array(z.unknown()).max(PROFESSIONALS_MAX) });
export const Status = z.object({ service: z.literal('rvsq') });

/** What RVSQ takes: times in UTC only. */
const Wanted = { dateUtc: instantText, duration: DurationMinutes, externalReference: Id };
export const WantedAvailability = z.object({ professionalId: Id, ...Wanted, ...Offer.shape });
export const WantedUnavailability = z.object({ professionalId: Id, ...Wanted });
/** The identity form of the public site. */
const Patient = z
  .object({
    lastName: z.string(),
    firstName: z.string(),
    nam: z.string().nullable(),
    birthDate: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
  })
  .nullable();
export const WantedActivity = z.object({
  professionalId: Id,
  availabilityId: Id.nullable(),
  ...Wanted,
  patient: Patient,
});
export type WantedActivity = z.output<typeof WantedActivity>;
/** The time of an activity while the form is filled in; RVSQ may grant less than is asked for. */
export const WantedLock = z.object({
  professionalId: Id,
  availabilityId: Id.nullable(),
  ...Wanted,
  lockedUntilUtc: instantText,
});
/** The form, which makes the lock an appointment. */
export const Confirmation = z.object({ externalReference: Id, patient: Patient });
export type Confirmation = z.output<typeof Confirmation>;
/** Another time for an activity: all else of it stays, who comes too. */
export const MovedActivity = z.object({
  availabilityId: Id.nullable(),
  dateUtc: instantText,
  duration: DurationMinutes,
});

const Limit = z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(100);
export const RecordQuery = z.object({
  from: instantText,
  to: instantText,
  /** Rows after this one, in order of creation. */
  after: z.coerce.number().int().default(0),
  limit: Limit,
});
export const LookupQuery = z.object({ professionalId: Id, externalReference: Id });
export const ChangeQuery = z.object({ cursor: Cursor, limit: Limit });
