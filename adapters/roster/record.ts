import type { Rejected } from '../../src/adapter/observation.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';

/** What a document has, whatever its format. */

export type ShiftRecord = {
  /** As the roster names it; null = it does not. */
  readonly id: string | null;
  /** As the roster names them; null where all of the document is of one calendar. */
  readonly practitioner: string | null;
  readonly place: string | null;
  readonly interval: Interval;
  /** The roster's code of it. */
  readonly task: string | null;
  readonly period: Interval | null;
  readonly publishedAt: Instant | null;
  readonly revision: string | null;
  /** As it was written, to be looked at where something of it cannot be used. */
  readonly raw: unknown;
};

export type Published = {
  readonly records: readonly ShiftRecord[];
  readonly rejected: readonly Rejected[];
  /** The one period of which all shifts are here. `all` = the document says of none, so it has all that there are. Null = nobody can say. */
  readonly period: Interval | 'all' | null;
};

/** The zone (IANA) of times without an offset, of a practitioner at a place; both null = of the document. */
export type ZoneOfWhom = (practitioner: string | null, place: string | null) => string;

/** More than the shifts of a large clinic in a year. */
export const RECORDS_MAX = 50_000;

/** One that cannot be read has, where it says which it is, no part in what is missing. */
export const withNameless = (
  period: Published['period'],
  rejected: readonly Rejected[],
): Published['period'] => (rejected.some(({ externalId }) => externalId === null) ? null : period);
