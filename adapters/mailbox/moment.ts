import { readLocal } from '../../src/adapter/zone.ts';
import { HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import { fold } from './fold.ts';

/**
 * Dates, times and durations as people write them, in French and in English. Word by word: what is not understood makes the
 * whole unreadable, since a time that was guessed closes the wrong hour.
 */

export type Moment = {
  /** ISO 8601; null = only a time is said. */
  readonly date: string | null;
  /** `HH:MM`, in the order that they are said: one, or the start and the end. */
  readonly times: readonly string[];
  /** What the zone is called there, as `est` or `hne`; null = not said. */
  readonly zone: string | null;
};

/** How a date of numbers is to be read, where it does not begin with its year. */
export type NumericOrder = 'ymd' | 'dmy' | 'mdy';

const TEXT_CHARACTERS_MAX = 300;

const named = (...lines: readonly string[]): ReadonlyMap<string, number> =>
  new Map(lines.flatMap((line, index) => line.split(' ').map((word): [string, number] => [word, index + 1])));

const MONTHS = named(
  ...['janvier janv january jan', 'fevrier fevr february feb', 'mars march mar', 'avril avr april apr'],
  ...['mai may', 'juin june jun', 'juillet juil july jul', 'aout august aug'],
  ...['septembre sept september sep', 'octobre oct october', 'novembre nov november'],
  'decembre dec december',
);
/** As ISO 8601 counts them. */
const WEEKDAYS = named(
  ...['lundi lun monday mon', 'mardi tuesday tue tues', 'mercredi mer wednesday wed'],
  ...['jeudi jeu thursday thu thur thurs', 'vendredi ven friday fri', 'samedi sam saturday sat'],
  'dimanche dim sunday sun',
);
/** `mar` is March in English and Tuesday in French, and after a number it is the month. */
const AMBIGUOUS = 'mar';
const FILLERS = new Set([
  ',',
  '.',
  '(',
  ')',
  '-',
  '–',
  'le',
  'a',
  'de',
  'du',
  'au',
  'the',
  'on',
  'at',
  'of',
  'from',
  'to',
]);
const ORDINALS = new Set(['er', 'e', 'st', 'nd', 'rd', 'th']);
const CLOCK_WORDS: ReadonlyMap<string, string> = new Map([
  ...['midi', 'noon'].map((word): [string, string] => [word, '12:00']),
  ...['minuit', 'midnight'].map((word): [string, string] => [word, '00:00']),
]);
const HALVES = new Map([...['am', 'avant-midi'].map((word): [string, number] => [word, 0]), ['pm', 12]]);

/** Hours from UTC: in winter, and where the name is of one season in that. As zones are called in the country's two languages. */
const ZONES: ReadonlyMap<string, { readonly winter: number; readonly own: number | null }> = new Map(
  (
    [
      [-3.5, 'nst', 'hnt', 'ndt', 'hat', 'nt', 'ht'],
      [-4, 'ast', 'hna', 'adt', 'haa', 'at', 'ha'],
      [-5, 'est', 'hne', 'edt', 'hae', 'et', 'he'],
      [-6, 'cst', 'hnc', 'cdt', 'hac', 'ct', 'hc'],
      [-7, 'mst', 'hnr', 'mdt', 'har', 'mt', 'hr'],
      [-8, 'pst', 'hnp', 'pdt', 'hap', 'pt', 'hp'],
    ] as const
  ).flatMap(([winter, ...words]) =>
    words.map((word, index): [string, { winter: number; own: number | null }] => [
      word,
      { winter, own: index < 2 ? winter : index < 4 ? winter + 1 : null },
    ]),
  ),
);

/** @returns null when a word of it is not understood, or the day of the week is not that of the date. */
export function readMoment(text: string, order: NumericOrder): Moment | null {
  if (text.length > TEXT_CHARACTERS_MAX) return null;
  // `at` and `he` are words and zones: in capitals they are zones.
  const zones = new Set((text.match(/\b[A-Z]{2,4}\b/g) ?? []).map((word) => word.toLowerCase()));
  const words = wordsOf(text);
  const said = {
    dates: [] as string[],
    times: [] as string[],
    weekday: null as number | null,
    zone: null as string | null,
  };
  for (let at = 0; at < words.length; ) {
    const rest = words.slice(at, at + 8);
    const [word = '', next = ''] = rest;
    const date = dateAt(rest, order);
    const time = date ? null : timeAt(rest);
    if (date) said.dates.push(date.value);
    else if (time) said.times.push(time.value);
    else if (word === AMBIGUOUS || WEEKDAYS.has(word)) said.weekday ??= WEEKDAYS.get(word) ?? 2;
    else if (ZONES.has(word) && zones.has(word) && said.zone === null) said.zone = word;
    else if (!FILLERS.has(word)) return null;
    at += date?.length ?? time?.length ?? (WEEKDAYS.has(word) && next === '.' ? 2 : 1);
  }
  const [date = null, ...otherDates] = said.dates;
  if (otherDates.length > 0 || said.times.length > 2) return null;
  if (date !== null && (!isDay(date) || (said.weekday ?? weekdayOf(date)) !== weekdayOf(date))) return null;
  return { date, times: said.times, zone: said.zone };
}

const wordsOf = (text: string): string[] =>
  fold(text)
    .replace(/\ba\. ?m\.?/g, 'am')
    .replace(/\bp\. ?m\.?/g, 'pm')
    .match(/\d+|[a-z]+(?:-midi)?|[^\sa-z\d]/g) ?? [];

type Found = { readonly value: string; readonly length: number };

const isNumber = (word: string | undefined, digits: number): word is string =>
  word !== undefined && /^\d+$/.test(word) && word.length <= digits;

const iso = (year: string, month: number, day: string): string =>
  `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;

function dateAt(words: readonly string[], order: NumericOrder): Found | null {
  const [a, b, c, d, e] = words;
  if (
    a?.length === 4 &&
    isNumber(a, 4) &&
    (b === '-' || b === '/') &&
    isNumber(c, 2) &&
    d === b &&
    isNumber(e, 2)
  )
    return { value: iso(a, Number(c), e), length: 5 };
  if (
    isNumber(a, 2) &&
    (b === '-' || b === '/') &&
    isNumber(c, 2) &&
    d === b &&
    e?.length === 4 &&
    isNumber(e, 4)
  )
    return order === 'ymd'
      ? null
      : { value: iso(e, Number(order === 'dmy' ? c : a), order === 'dmy' ? a : c), length: 5 };
  // 1er décembre 2026, 1 December 2026; December 1, 2026.
  const isDayFirst = isNumber(a, 2);
  const flat = words
    .map((word, at) => ({ word, at }))
    .filter(({ word, at }) => at === 0 || !(ORDINALS.has(word) || word === '.' || word === ','));
  const [first, second, third] = flat;
  const [day, monthWord] = isDayFirst ? [first, second] : [second, first];
  const month = MONTHS.get(monthWord?.word ?? '');
  if (month === undefined || !isNumber(day?.word, 2) || third?.word.length !== 4 || !isNumber(third.word, 4))
    return null;
  return { value: iso(third.word, month, day.word), length: third.at + 1 };
}

function timeAt(words: readonly string[]): Found | null {
  const [hour, mark, minute, half] = words;
  const clock = CLOCK_WORDS.get(hour ?? '');
  if (clock !== undefined) return { value: clock, length: 1 };
  if (!isNumber(hour, 2)) return null;
  if (mark === ':' || mark === 'h') {
    const hasMinutes = minute?.length === 2 && isNumber(minute, 2);
    if (!hasMinutes) return mark === 'h' ? timeOf(hour, '00', null, 2) : null;
    const after = HALVES.get(half ?? '') ?? null;
    return timeOf(hour, minute, after, after === null ? 3 : 4);
  }
  const after = HALVES.get(mark ?? '') ?? null;
  return after === null ? null : timeOf(hour, '00', after, 2);
}

/** @param half 0 before noon, 12 after it, null on a clock of 24 hours. */
function timeOf(hour: string, minute: string, half: number | null, length: number): Found | null {
  const read = Number(hour);
  if (Number(minute) > 59 || read > 23 || (half !== null && (read < 1 || read > 12))) return null;
  const whole = half === null ? read : (read % 12) + half;
  return { value: `${String(whole).padStart(2, '0')}:${minute}`, length };
}

const isDay = (date: string): boolean => {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) && date >= '2000';
};

const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/**
 * The instant of a local time. What the zone is called there settles which of two is meant, and no more: many write the
 * name of winter in summer too. @returns null where the time does not happen, or is said in another zone than the calendar's.
 */
export function instantOf(date: string, time: string, called: string | null, zone: string): Instant | null {
  const local = `${date}T${time}`;
  const read = readLocal(local, zone);
  if (read.kind === 'skipped') return null;
  const family = called === null ? null : ZONES.get(called);
  if (!family) return read.at;
  const offsetOf = (text: string, at: Instant): number => (Date.parse(`${text}:00Z`) - at) / HOUR;
  // A neighbour's winter is our summer, so zones are compared in one season.
  const winter = `${date.slice(0, 4)}-01-15T12:00`;
  if (offsetOf(winter, readLocal(winter, zone).at) !== family.winter) return null;
  return read.kind === 'repeated' && offsetOf(local, read.second) === family.own ? read.second : read.at;
}

/** Milliseconds of `20 minutes`, `1 h 30`, `1 heure`, `1 hour 15 min`; null when it cannot be read. */
export function readDuration(text: string): number | null {
  if (text.length > TEXT_CHARACTERS_MAX) return null;
  const found =
    /^(?:(\d{1,2}) ?(?:h|hr|hrs|heures?|hours?)\.?)? ?(?:(?:et |and )?(\d{1,4}) ?(?:m|min|mins|minutes?)?\.?)?$/.exec(
      fold(text),
    );
  if (!found || (found[1] === undefined && !/m/.test(fold(text)))) return null;
  const milliseconds = Number(found[1] ?? 0) * HOUR + Number(found[2] ?? 0) * MINUTE;
  return milliseconds > 0 ? milliseconds : null;
}
