import type { Instant } from '../domain/instant.ts';
import type { Offering } from '../domain/offering.ts';
import { alternativesOf, approximately, type Span, spanOf } from './dates.ts';

/**
 * Search by date of an element that is a Period (R4, search.html, 3.1.1.5.9). A side that is open is before, or after, any
 * date. Without a prefix the period has the date in it, or some of it: that is what the parameter `date` of Schedule is for
 * (schedule.html, Search Parameters). By R4's general rule of `eq` the date would have the whole period in it, which no open one is.
 */

/** Half-open; null = open. */
export type Period = Pick<Offering, 'start' | 'end'>;

const begin = ({ start }: Period): number => start ?? Number.NEGATIVE_INFINITY;
const end = ({ end: at }: Period): number => at ?? Number.POSITIVE_INFINITY;

type Comparison = (period: Period, span: Span) => boolean;

const meets: Comparison = (period, { from, before }) => begin(period) < before && end(period) > from;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  eq: meets,
  ne: (period, span) => !meets(period, span),
  gt: (period, { before }) => end(period) > before,
  ge: (period, { from }) => end(period) > from,
  lt: (period, { from }) => begin(period) < from,
  le: (period, { before }) => begin(period) < before,
  sa: (period, { before }) => begin(period) >= before,
  eb: (period, { from }) => end(period) <= from,
  ap: meets,
};

/**
 * @param text with commas for or. @param zone in which a value without offset is read. @param now for `ap`.
 * @throws Unusable
 */
export function periodTest(text: string, zone: string, now: Instant): (period: Period) => boolean {
  const wanted = alternativesOf(text).map(({ prefix = 'eq', date }) => {
    const span = spanOf(date, zone);
    return { compare: COMPARISONS[prefix], span: prefix === 'ap' ? approximately(span, now) : span };
  });
  return (period) => wanted.some(({ compare, span }) => compare?.(period, span));
}
