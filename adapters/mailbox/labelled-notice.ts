import { DAY, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { fold } from './fold.ts';
import type { Letter } from './letter.ts';
import { type Labelled, labelledIn, labelsOf } from './lines.ts';
import { instantOf, readDuration, readMoment } from './moment.ts';
import {
  Id,
  LONGEST_MILLISECONDS,
  type Notice,
  placeOf,
  type Reading,
  sequenceOf,
  Unread,
} from './notice.ts';
import type { Field, Lines } from './template.ts';

/** Notices of labelled lines, by a template. Pure. */

/** @returns null where the template is not for such a subject. @throws Unread */
export function readLines(letter: Letter, template: Lines, reading: Reading): Notice | null {
  const subject = fold(letter.subject);
  const found = template.notices.find((each) =>
    each.subject.some((words) => subject.startsWith(fold(words))),
  );
  if (!found) return null;
  if (found.kind === 'other') return { kind: 'nothing' };
  const labels = labelsOf<Field>({ ...template.fields, ...found.fields });
  const said = letter.texts.map((text) => labelledIn(text, labels));
  // Many a plain text only says that the HTML is to be looked at.
  const labelled = said.find(({ values }) => values.has('id')) ?? said[0];
  const externalId = labelled ? idIn(labelled, 'id') : null;
  if (!labelled || externalId === null) throw new Unread('id: not found');
  const [doubled] = labelled.ambiguous;
  if (doubled !== undefined) throw new Unread(`${doubled}: there twice, and not the same`, externalId);
  if (found.kind === 'cancelled')
    return { kind: 'ended', externalId, sequence: sequenceOf(letter.sentAt, true) };
  const place = placeOf(labelled.values.get('calendar') ?? null, reading, externalId);
  if (place === null) return { kind: 'nothing' };
  return {
    kind: 'stands',
    externalId,
    replaces: found.kind === 'moved' ? idIn(labelled, 'replaces') : null,
    calendar: place.calendar,
    interval: intervalIn(labelled, template.order, place.zone, reading.minutes, externalId),
    sequence: sequenceOf(letter.sentAt, false),
  };
}

function idIn({ values, ambiguous }: Labelled<Field>, name: 'id' | 'replaces'): string | null {
  const read = Id.safeParse(values.get(name)?.replace(/\s+/g, ' '));
  return read.success && isNumber(read.data) && !ambiguous.includes(name) ? read.data : null;
}

const WORD_WITHOUT_DIGIT_MAX = 3;

/**
 * `BS-1`, `No 12 345`: of what is found at an empty label the next line is taken, which may say who comes, and an id stands in clear.
 * So each word has a digit or is short.
 */
function isNumber(text: string): boolean {
  const words = text.split(' ');
  return (
    /^[\p{L}\p{N} ._/#+-]{1,60}$/u.test(text) &&
    /\d/.test(text) &&
    words.every((word) => /\d/.test(word) || word.length <= WORD_WITHOUT_DIGIT_MAX)
  );
}

function intervalIn(
  { values }: Labelled<Field>,
  order: Lines['order'],
  zone: string,
  minutes: number | null,
  externalId: string,
): Interval {
  const parts = (['date', 'start', 'end'] as const).flatMap((name) => values.get(name) ?? []);
  const moments = parts.map((text) => readMoment(text, order));
  const read = moments.filter((moment) => moment !== null);
  const dates = [...new Set(read.flatMap(({ date }) => date ?? []))];
  const [date] = dates;
  const [from, to, ...more] = read.flatMap(({ times }) => times);
  if (
    read.length < moments.length ||
    date === undefined ||
    dates.length > 1 ||
    from === undefined ||
    more.length > 0
  )
    throw new Unread('date: none that can be read with certainty', externalId);
  const called = read.find((moment) => moment.zone !== null)?.zone ?? null;
  const start = instantOf(date, from, called, zone);
  if (start === null)
    throw new Unread('date: a time that does not happen in the calendar’s zone', externalId);
  const end =
    to === undefined
      ? endAfter(start, values.get('duration'), minutes)
      : endAt(start, { date, to, called, zone });
  if (end === null || end <= start || end - start > LONGEST_MILLISECONDS)
    throw new Unread('end: not said, or not within a day', externalId);
  return { start, end };
}

function endAfter(start: Instant, duration: string | undefined, minutes: number | null): Instant | null {
  if (duration === undefined) return minutes === null ? null : plus(start, minutes * MINUTE);
  const lasts = readDuration(duration);
  return lasts === null ? null : plus(start, lasts);
}

type End = {
  readonly date: string;
  readonly to: string;
  readonly called: string | null;
  readonly zone: string;
};

/** On that day, or on the next where it is past midnight. */
function endAt(start: Instant, { date, to, called, zone }: End): Instant | null {
  const end = instantOf(date, to, called, zone);
  if (end === null || end > start) return end;
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
  return instantOf(next, to, called, zone);
}
