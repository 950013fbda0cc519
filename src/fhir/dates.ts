import { Temporal } from 'temporal-polyfill';
import { type Instant, instant, plus } from '../domain/instant.ts';
import type { StartRange } from '../engine/ports/front.ts';
import type { Ranges } from './ranges.ts';
import { Unusable } from './unusable.ts';

/** Search by date (R4, search.html, 3.1.1.5.9), of an element that is one instant: the start of a slot. */

/** Half-open. */
export type Span = { readonly from: Instant; readonly before: Instant };

const VALUE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const PREFIX = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)?(.*)$/s;

/** Prefixes that one half-open range can say. */
const RANGES: Readonly<Record<string, (span: Span) => StartRange>> = {
  eq: ({ from, before }) => ({ fromMs: from, beforeMs: before }),
  ge: ({ from }) => ({ fromMs: from, beforeMs: null }),
  gt: ({ before }) => ({ fromMs: before, beforeMs: null }),
  sa: ({ before }) => ({ fromMs: before, beforeMs: null }),
  lt: ({ from }) => ({ fromMs: null, beforeMs: from }),
  eb: ({ from }) => ({ fromMs: null, beforeMs: from }),
  le: ({ before }) => ({ fromMs: null, beforeMs: before }),
};

export const PREFIXES: readonly string[] = [...Object.keys(RANGES), 'ne', 'ap'];

/** Of how far away the value is: what R4 recommends for `ap` (search.html, 3.1.1.5.2). */
const APPROXIMATE_SHARE = 0.1;
const ALTERNATIVES_MAX = 50;

// Clients ask for the same few days over and over, and the calendar of a zone is slow to ask.
const REMEMBERED_MAX = 1_000;
const remembered = new Map<string, StartRange>();

/**
 * @param zone IANA zone in which a value without offset is read. Of the two instants of a repeated local time it is
 * the first, and a skipped one is read as long after midnight as it says (RFC 5545, 3.3.5).
 * @throws Unusable
 */
export function dateRange(text: string, zone: string): StartRange {
  const key = `${zone} ${text}`;
  const known = remembered.get(key);
  if (known) return known;
  const range = readRange(text, zone);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(key, range);
  return range;
}

/**
 * The same with every prefix, and with a comma for or.
 * @param now for `ap`, which is the vaguer the farther away the value is.
 * @throws Unusable
 */
export function dateRanges(text: string, zone: string, now: Instant): Ranges {
  return alternativesOf(text).flatMap(({ value, prefix, date }) => {
    if (prefix === 'ne') {
      const { from, before } = spanOf(date, zone);
      return [
        { fromMs: null, beforeMs: from },
        { fromMs: before, beforeMs: null },
      ];
    }
    if (prefix === 'ap') {
      const { from, before } = approximately(spanOf(date, zone), now);
      return [{ fromMs: from, beforeMs: before }];
    }
    return [dateRange(value, zone)];
  });
}

type DateValue = { readonly value: string; readonly prefix: string | undefined; readonly date: string };

/** What stands between the commas. @throws Unusable where that is too much. */
export function alternativesOf(text: string): DateValue[] {
  const values = text.split(',');
  if (values.length > ALTERNATIVES_MAX) {
    throw new Unusable({
      fr: `au plus ${ALTERNATIVES_MAX} dates, séparées par des virgules`,
      en: `at most ${ALTERNATIVES_MAX} dates, with commas between`,
    });
  }
  return values.map((value) => {
    const [, prefix, date = ''] = PREFIX.exec(value) ?? [];
    return { value, prefix, date };
  });
}

/** What `ap` takes for the same. */
export function approximately({ from, before }: Span, now: Instant): Span {
  const slack = Math.round(Math.abs(from - now) * APPROXIMATE_SHARE);
  return { from: plus(from, -slack), before: plus(before, slack) };
}

function readRange(text: string, zone: string): StartRange {
  const [, prefix = 'eq', value = ''] = PREFIX.exec(text) ?? [];
  const range = RANGES[prefix];
  if (!range) {
    const offered = Object.keys(RANGES).join(', ');
    throw new Unusable({
      fr: `le préfixe ${prefix} n’est pas offert : utilisez l’un de ${offered}`,
      en: `the prefix ${prefix} is not offered: use one of ${offered}`,
    });
  }
  return range(spanOf(value, zone));
}

/** All the instants that a value as precise as this one may mean. @throws Unusable */
export function spanOf(text: string, zone: string): Span {
  // An unescaped + of an offset arrives as a space.
  const match = VALUE.exec(text.replace(/ (?=\d\d:\d\d$)/, '+'));
  if (!match) {
    throw new Unusable({
      fr: 'ce n’est pas une date FHIR : utilisez AAAA, AAAA-MM, AAAA-MM-JJ ou un dateTime',
      en: 'not a FHIR date: use YYYY, YYYY-MM, YYYY-MM-DD or a dateTime',
    });
  }
  const [, year, month, day, minute, second, fraction, offset] = match;
  try {
    const date = Temporal.PlainDate.from(`${year}-${month ?? '01'}-${day ?? '01'}`, { overflow: 'reject' });
    if (minute === undefined) {
      const unit = day ? 'days' : month ? 'months' : 'years';
      return { from: startOf(date, zone), before: startOf(date.add({ [unit]: 1 }), zone) };
    }
    const time = `${minute}:${second ?? '00'}.${(fraction ?? '').slice(0, 3).padEnd(3, '0')}`;
    const from = momentOf(`${date}T${time}`, offset, zone);
    const length = fraction === undefined ? (second === undefined ? 60_000 : 1_000) : 1;
    return { from, before: instant(from + length) };
  } catch {
    throw new Unusable({ fr: 'il n’y a pas de telle date ou heure', en: 'there is no such date or time' });
  }
}

const startOf = (date: Temporal.PlainDate, zone: string): Instant =>
  instant(date.toZonedDateTime(zone).epochMilliseconds);

const momentOf = (local: string, offset: string | undefined, zone: string): Instant =>
  instant(
    offset === undefined
      ? Temporal.PlainDateTime.from(local, { overflow: 'reject' }).toZonedDateTime(zone).epochMilliseconds
      : Temporal.Instant.from(local + offset).epochMilliseconds,
  );
