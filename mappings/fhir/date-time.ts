import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type Instant, instant, parseInstant } from '../../src/domain/instant.ts';
import { refusal } from './findings.ts';
import { InstantText } from './instant-text.ts';
import { DATE_TIME } from './validation/primitives.ts';

/** The type `dateTime` of R4, as it is written: a year, a month, a day, or an instant. A leap second is none here. */

const DAY_LENGTH = '2026-11-24'.length;
const isInstant = (text: string): boolean => text.length > DAY_LENGTH;

const { fr, en } = DATE_TIME.expected;

export const DateTimeText = z
  .string()
  .refine(
    (text) => DATE_TIME.is(text) && (!isInstant(text) || InstantText.safeParse(text).success),
    refusal({ fr: `doit être ${fr}`, en: `must be ${en}` }, 'value'),
  );

/** The first instant that it may mean. @param zone IANA zone of what is not an instant. */
export const firstOf = (text: string, zone: string): Instant =>
  isInstant(text) ? parseInstant(text) : startOf(dayOf(text), zone);

/**
 * Where a period ends whose end it is, half-open: a year, a month or a day is in it to its last moment (R4, datatypes.html,
 * Period.end).
 */
export function endOf(text: string, zone: string): Instant {
  if (isInstant(text)) return parseInstant(text);
  const unit = (['years', 'months', 'days'] as const)[text.split('-').length - 1] ?? 'days';
  return startOf(dayOf(text).add({ [unit]: 1 }), zone);
}

function dayOf(text: string): Temporal.PlainDate {
  const [year = 1, month = 1, day = 1] = text.split('-').map(Number);
  return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
}

/** Its midnight, but where the clocks skip that. */
const startOf = (day: Temporal.PlainDate, zone: string): Instant =>
  instant(day.toZonedDateTime(zone).epochMilliseconds);
