import { EVERY, FREQUENCIES, type Rule, type Weekday } from '../../../domain/recurrence/rule.ts';
import { parseWall } from '../../../domain/recurrence/wall.ts';
import type { Bilingual } from '../../../domain/schedule.ts';

/**
 * A recurrence rule as RFC 5545, 3.3.10 writes it, where it is about days: the hours are said beside it. What the RFC
 * forbids is refused, since libraries read it each in its own way.
 */

export type RuleReading =
  | { readonly outcome: 'read'; readonly rule: Rule }
  | { readonly outcome: 'invalid'; readonly message: Bilingual };

const CHARACTERS_MAX = 500;
const INTERVAL_MAX = 1_000;
const COUNT_MAX = 10_000;
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const OF_DAYS = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

type Parts = ReadonlyMap<string, string>;

/** How far each list of numbers goes, whether it counts backwards too, and the frequencies that may have it. */
const NUMBERS = {
  BYMONTH: { most: 12, signed: false, of: OF_DAYS },
  BYWEEKNO: { most: 53, signed: true, of: ['YEARLY'] },
  BYYEARDAY: { most: 366, signed: true, of: ['YEARLY'] },
  BYMONTHDAY: { most: 31, signed: true, of: ['DAILY', 'MONTHLY', 'YEARLY'] },
  BYSETPOS: { most: 366, signed: true, of: OF_DAYS },
} as const;
type Numbers = keyof typeof NUMBERS;
const OTHERS = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY'];
const KNOWN: readonly string[] = [...OTHERS, ...Object.keys(NUMBERS)];

/** Total: any text is read, or comes back with what is wrong with it. */
export function readRule(text: string): RuleReading {
  try {
    return { outcome: 'read', rule: ruleOf(partsOf(text)) };
  } catch (error) {
    if (error instanceof Wrong) return { outcome: 'invalid', message: error.said };
    throw error;
  }
}

class Wrong extends Error {
  readonly said: Bilingual;
  constructor(fr: string, en: string) {
    super(en);
    this.said = { fr, en };
  }
}

function partsOf(text: string): Parts {
  if (text.length > CHARACTERS_MAX) {
    throw new Wrong(`${CHARACTERS_MAX} caractères au plus`, `${CHARACTERS_MAX} characters at the most`);
  }
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [, name = '', value = ''] = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(part) ?? [];
    if (/^BY(HOUR|MINUTE|SECOND)$/.test(name)) {
      throw new Wrong('les heures sont celles de from et to', 'the hours are those of from and to');
    }
    if (!KNOWN.includes(name)) {
      throw new Wrong(
        `il faut NOM=valeur, entre points-virgules, avec ${KNOWN.join(', ')}`,
        `must be NAME=value, between semicolons, with ${KNOWN.join(', ')}`,
      );
    }
    if (parts.has(name)) throw new Wrong(`${name} : une fois au plus`, `${name}: once at the most`);
    parts.set(name, value);
  }
  return parts;
}

function ruleOf(parts: Parts): Rule {
  const frequency = frequencyOf(parts);
  if (parts.has('COUNT') && parts.has('UNTIL')) {
    throw new Wrong('COUNT ou UNTIL, pas les deux', 'COUNT or UNTIL, not both');
  }
  const chosen = [...parts.keys()].filter((name) => name.startsWith('BY') && name !== 'BYSETPOS');
  if (parts.has('BYSETPOS') && chosen.length === 0) {
    throw new Wrong('BYSETPOS choisit parmi d’autres BY…', 'BYSETPOS chooses among other BY…');
  }
  const numbers = (name: Numbers): readonly number[] | null => numbersOf(parts, name, frequency);
  const weekStart = DAYS.indexOf(parts.get('WKST') ?? 'MO');
  if (weekStart < 0) throw new Wrong(`WKST : ${DAYS.join(', ')}`, `WKST: ${DAYS.join(', ')}`);
  return {
    ...EVERY,
    frequency,
    interval: wholeOf(parts, 'INTERVAL', INTERVAL_MAX) ?? 1,
    count: wholeOf(parts, 'COUNT', COUNT_MAX),
    until: untilOf(parts),
    weekStart,
    byMonth: numbers('BYMONTH'),
    byWeekNumber: numbers('BYWEEKNO'),
    byYearDay: numbers('BYYEARDAY'),
    byMonthDay: numbers('BYMONTHDAY'),
    byDay: weekdaysOf(parts, frequency),
    bySetPosition: numbers('BYSETPOS'),
  };
}

function frequencyOf(parts: Parts): (typeof OF_DAYS)[number] {
  const written = parts.get('FREQ');
  const frequency = OF_DAYS.find((each) => each === written);
  if (frequency) return frequency;
  const isFiner = FREQUENCIES.some((each) => each === written);
  throw isFiner
    ? new Wrong('FREQ : des jours, et non des heures', 'FREQ: of days, not of hours')
    : new Wrong(`FREQ : ${OF_DAYS.join(', ')}`, `FREQ: ${OF_DAYS.join(', ')}`);
}

function wholeOf(parts: Parts, name: string, most: number): number | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (1 <= value && value <= most) return value;
  throw new Wrong(`${name} : de 1 à ${most}`, `${name}: 1 to ${most}`);
}

/** DTSTART is a date here, so UNTIL is one as well (RFC 5545, 3.3.10). */
function untilOf(parts: Parts): Rule['until'] {
  const text = parts.get('UNTIL');
  if (text === undefined) return null;
  const date = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  if (date !== text && parseWall(date) !== null) return { text: date, utc: false };
  throw new Wrong('UNTIL : une date, comme 20261231', 'UNTIL: a date, as 20261231');
}

function numbersOf(parts: Parts, name: Numbers, frequency: Rule['frequency']): readonly number[] | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  const { most, signed, of } = NUMBERS[name];
  if (!of.some((each) => each === frequency)) throw notWith(name, frequency);
  const values = text.split(',').map((each) => (/^[+-]?\d{1,3}$/.test(each) ? Number(each) : 0));
  const isWithin = (value: number): boolean => value !== 0 && value <= most && value >= (signed ? -most : 1);
  if (values.every(isWithin)) return values;
  throw signed
    ? new Wrong(`${name} : de 1 à ${most}, ou de -${most} à -1`, `${name}: 1 to ${most}, or -${most} to -1`)
    : new Wrong(`${name} : de 1 à ${most}`, `${name}: 1 to ${most}`);
}

function weekdaysOf(parts: Parts, frequency: Rule['frequency']): readonly Weekday[] | null {
  const text = parts.get('BYDAY');
  if (text === undefined) return null;
  return text.split(',').map((each) => {
    const [, nth, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(each) ?? [];
    const number = nth === undefined ? null : Number(nth);
    if (!DAYS.includes(name) || number === 0 || Math.abs(number ?? 0) > 53) {
      throw new Wrong('BYDAY : MO, TU … SU, ou 1MO, -1FR', 'BYDAY: MO, TU … SU, or 1MO, -1FR');
    }
    const mayCount = frequency === 'MONTHLY' || (frequency === 'YEARLY' && !parts.has('BYWEEKNO'));
    if (number !== null && !mayCount) throw notWith('BYDAY=1MO', frequency);
    return { nth: number, day: DAYS.indexOf(name) };
  });
}

const notWith = (name: string, frequency: Rule['frequency']): Wrong =>
  new Wrong(`${name} ne va pas avec FREQ=${frequency}`, `${name} does not go with FREQ=${frequency}`);
