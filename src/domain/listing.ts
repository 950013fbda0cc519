import type { BusyKind } from './busy.ts';
import { type Instant, instant } from './instant.ts';
import { type Interval, interval } from './interval.ts';

/**
 * What a thing should look like at a platform, or looks like there, as one comparable text; null = it is not there.
 * A listing is converged when `desired` and `known` are the same.
 */
export type Fingerprint = string & { readonly __unit: 'fingerprint' };

export const busyFingerprint = (
  kind: BusyKind,
  interval: Interval,
  expiresAt: Instant | null = null,
): Fingerprint => {
  const times = `${kind}/${interval.start}/${interval.end}`;
  return (kind === 'hold' && expiresAt !== null ? `${times}/${expiresAt}` : times) as Fingerprint;
};

/** Of the fingerprint of a busy period. */
export const kindOf = (fingerprint: Fingerprint): BusyKind =>
  fingerprint.slice(0, fingerprint.indexOf('/')) as BusyKind;

/** The time that it takes there: of every kind of fingerprint the two texts after the kind. */
export function timeOf(fingerprint: Fingerprint): Interval {
  const [, start, end] = fingerprint.split('/');
  return interval(instant(Number(start)), instant(Number(end)));
}

/**
 * Whether nobody can book any more what it is about, nor what stands there: a thing that was moved may stand where it was
 * before, and that may be still to come.
 */
export const isOver = ({ interval, known }: Pick<Listing, 'interval' | 'known'>, at: Instant): boolean =>
  interval.end <= at && (known === null || timeOf(known).end <= at);

/**
 * How a subject stands on one calendar of one connection.
 * `booking`: a busy period on the calendar that it came from, or was booked through. `block`: the same period where
 * it only closes the time. `offer`: a slot of another platform that we publish there.
 */
export type ListingKind = 'booking' | 'block' | 'offer';

/**
 * Of the platform that honours a busy period, or is to honour it. `asked`: it has not confirmed it, so its time is closed
 * nowhere else. `stands`: it has; or its word is not waited for, and it is still to be told.
 */
export type Home = 'asked' | 'stands';

export type ListingKey = {
  readonly connectionId: string;
  readonly calendar: string;
  /** Id of the busy period or slot; it is also what our mark carries. */
  readonly subjectId: string;
};

export const listingKey = ({ connectionId, calendar, subjectId }: ListingKey): string =>
  `${connectionId}\n${calendar}\n${subjectId}`;

export type Listing = ListingKey & {
  readonly kind: ListingKind;
  /** Null where it is not at home: of every offer, and of every block but one that stands for a hold where it was asked for. */
  readonly home: Home | null;
  readonly scheduleId: string;
  /** When it is about: what is soonest is delivered first. */
  readonly interval: Interval;
  readonly desired: Fingerprint | null;
  readonly known: Fingerprint | null;
  /** A write was begun and its answer was not recorded: look before writing again. */
  readonly unsure: boolean;
  readonly externalId: string | null;
  readonly revision: string | null;
  readonly sequence: number | null;
  /** When we learned `known`, or began to write: a reading that began before says nothing against it. */
  readonly knownAt: Instant;
};
