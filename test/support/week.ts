import { localTime } from '../../mappings/fhir/local-time.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { EVERY, type Rule } from '../../src/domain/recurrence/rule.ts';
import { parseWall, type Wall } from '../../src/domain/recurrence/wall.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { Days, Template, WantedSlot, Week } from '../../src/domain/template.ts';

/** Weeks of made-up clinics in Montréal. */

export const ZONE = 'America/Toronto';

export function day(text: string): Wall {
  const read = parseWall(text);
  if (read === null) throw new Error(`no such day: ${text}`);
  return read;
}

/** @param to the day after the last one. */
export const days = (from: string, to: string): Days => ({ from: day(from), to: day(to) });

/** `09:20` in minutes; 24:00 is the end of the day. */
export const minute = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Monday = 0. */
export const weekly = (...weekdays: number[]): Rule => ({
  ...EVERY,
  frequency: 'WEEKLY',
  byDay: weekdays.map((each) => ({ nth: null, day: each })),
});
export const DAILY: Rule = { ...EVERY, frequency: 'DAILY' };

export const template = (hours: string, change: Partial<Template> = {}): Template => ({
  rule: DAILY,
  since: day('2026-01-01'),
  fromMinute: minute(hours.slice(0, 5)),
  toMinute: minute(hours.slice(6)),
  slotMinutes: 30,
  breakMinutes: 0,
  attributes: UNKNOWN_ATTRIBUTES,
  ...change,
});

export const week = (templates: readonly Template[], change: Partial<Week> = {}): Week => ({
  templates,
  ownHours: new Map(),
  closed: [],
  holidays: null,
  ...change,
});

/** `2026-11-01 01:30 = 05:30Z`: as people there read its start, beside UTC. */
export const readable = ({ interval: { start } }: WantedSlot): string =>
  `${localTime(start, ZONE).slice(0, 16).replace('T', ' ')} = ${formatInstant(start).slice(11, 16)}Z`;
