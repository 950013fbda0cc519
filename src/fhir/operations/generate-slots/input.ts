import { z } from 'zod';
import { dayStart, wallClock } from '../../../../mappings/fhir/local-time.ts';
import { readSlotItems } from '../../../../mappings/fhir/read-slot.ts';
import { EASTER_HOLIDAYS } from '../../../domain/holidays.ts';
import { DAY } from '../../../domain/instant.ts';
import { type Interval, interval } from '../../../domain/interval.ts';
import { EVERY, type Rule } from '../../../domain/recurrence/rule.ts';
import { type Wall, wall } from '../../../domain/recurrence/wall.ts';
import { RENEWAL_MODES, type RenewalMode } from '../../../domain/renewal.ts';
import type { Schedule } from '../../../domain/schedule.ts';
import { type SlotAttributes, UNKNOWN_ATTRIBUTES } from '../../../domain/slot.ts';
import { type Days, type Offering, SLOTS_MAX, slotsOfWeek, type Template } from '../../../domain/template.ts';
import { type Argument, type Arguments, argumentTree } from '../../arguments.ts';
import { issuesOf } from '../../incoming.ts';
import { Refused } from '../../outcomes.ts';
import { exceptionsOf } from './exceptions.ts';
import { hoursOf } from './hours.ts';
import { GENERATE_SLOTS } from './parameters.ts';
import { readRule } from './rule.ts';
import { DateText, Reading } from './values.ts';

/** What `$generate-slots` is called with, as the slots that are wanted. Pure: nothing of what is there is asked for. */

export type Generation = {
  readonly mode: RenewalMode;
  /** All of the days, where the schedule is. */
  readonly period: Interval;
  readonly offering: Offering;
};

/** The schedule whose slots these are to be, and the IANA zone of its place. */
export type Of = { readonly schedule: Pick<Schedule, 'locationId' | 'serviceId'>; readonly zone: string };

const DAYS_MAX = 366;
const TEMPLATES_MAX = 50;
/** A rule with COUNT is counted through from there, day by day. */
const SINCE_DAYS_MAX = 1_100;
const MINUTES_MAX = 480;
const SLOT_MINUTES_MIN = 5;

/** FHIR DaysOfWeek, in the order of RFC 5545's. */
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const Duration = z.int().min(SLOT_MINUTES_MIN).max(MINUTES_MAX);
const Break = z.int().min(0).max(MINUTES_MAX);

/** @throws Refused with all that is wrong, each where it stands. */
export function generationIn(body: unknown, of: Of): Generation {
  const given = argumentTree(GENERATE_SLOTS.parameters, body);
  const reading = new Reading();
  const days = daysOf(reading, given);
  const mode = reading.one(given, 'mode', z.enum(RENEWAL_MODES)) ?? 'add';
  const holidays = reading.one(given, 'holidays', z.enum(['skip', 'keep'])) ?? 'skip';
  const easter = reading.one(given, 'easter', z.enum(EASTER_HOLIDAYS)) ?? 'good-friday';
  const templates = templatesOf(reading, given, days?.from ?? null, of);
  const { ownHours, closed } = exceptionsOf(reading, given, of.zone);
  if (days === null || reading.issues.length > 0) throw new Refused('invalid-parameter', reading.issues);
  const week = { templates, ownHours, closed, holidays: holidays === 'skip' ? easter : null };
  const offering = slotsOfWeek(week, days, wallClock(of.zone));
  if (typeof offering === 'string') throw tooMany();
  const period = interval(dayStart(days.from, of.zone), dayStart(days.to, of.zone));
  return { mode, period, offering };
}

const tooMany = (): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: {
      fr: `plus de ${SLOTS_MAX} plages d’un coup : demandez moins de jours à la fois`,
      en: `more than ${SLOTS_MAX} slots at once: ask for fewer days at a time`,
    },
    expression: 'Parameters.parameter',
    code: 'too-costly',
  });

function daysOf(reading: Reading, given: Arguments): Days | null {
  const [start, end] = [reading.one(given, 'start', DateText), reading.one(given, 'end', DateText)];
  if (start === null || end === null) return null;
  const place = `${given.get('end')?.[0]?.expression}.value`;
  if (end < start) {
    return reading.refuse(
      place,
      'end doit être start ou un jour après',
      'end must be start or a day after it',
    );
  }
  if (end - start >= DAYS_MAX * DAY) {
    return reading.refuse(place, `${DAYS_MAX} jours au plus`, `${DAYS_MAX} days at the most`, 'too-costly');
  }
  return { from: start, to: wall(end + DAY) };
}

/** @param start null = it cannot be read, which is told already. */
function templatesOf(reading: Reading, given: Arguments, start: Wall | null, of: Of): readonly Template[] {
  const list = given.get('template') ?? [];
  if (list.length > TEMPLATES_MAX) {
    const place = list[TEMPLATES_MAX]?.expression ?? '';
    reading.refuse(place, `${TEMPLATES_MAX} gabarits au plus`, `${TEMPLATES_MAX} templates at the most`);
    return [];
  }
  return list.flatMap((argument) => templateOf(reading, argument, start, of) ?? []);
}

function templateOf(reading: Reading, argument: Argument, start: Wall | null, of: Of): Template | null {
  const { parts } = argument;
  const rule = ruleOf(reading, argument);
  const since = sinceOf(reading, parts, start);
  const slotMinutes = reading.one(parts, 'duration', Duration);
  const breakMinutes = reading.one(parts, 'break', Break) ?? 0;
  const hours = hoursOf(reading, argument);
  const attributes = attributesOf(reading, parts, of);
  if (rule === null || since === null || slotMinutes === null || hours === null || attributes === null)
    return null;
  if (hours.toMinute - hours.fromMinute < slotMinutes) {
    const place = `${parts.get('duration')?.[0]?.expression}.value`;
    return reading.refuse(place, 'plus long que de from à to', 'longer than from from to to');
  }
  return { rule, since, slotMinutes, breakMinutes, attributes, ...hours };
}

function ruleOf(reading: Reading, { parts, expression }: Argument): Rule | null {
  const weekdays = parts.get('weekday') ?? [];
  const [written] = parts.get('rrule') ?? [];
  if ((weekdays.length === 0) === (written === undefined)) {
    return reading.refuse(
      expression,
      'weekday ou rrule, l’un des deux',
      'weekday or rrule, one of the two',
      'required',
    );
  }
  if (written === undefined) {
    const named = weekdays.map((each) => reading.value(each, z.enum(WEEKDAYS)));
    const byDay = named.flatMap((name) => (name === null ? [] : { nth: null, day: WEEKDAYS.indexOf(name) }));
    return byDay.length === weekdays.length ? { ...EVERY, frequency: 'WEEKLY', byDay } : null;
  }
  const text = reading.value(written, z.string());
  if (text === null) return null;
  const read = readRule(text);
  if (read.outcome === 'read') return read.rule;
  return reading.refuse(`${written.expression}.value`, read.message.fr, read.message.en);
}

function sinceOf(reading: Reading, parts: Arguments, start: Wall | null): Wall | null {
  const [written] = parts.get('dtstart') ?? [];
  if (!written || start === null) return start;
  const since = reading.value(written, DateText);
  const place = `${written.expression}.value`;
  if (!parts.has('rrule')) {
    return reading.refuse(place, 'dtstart ne va qu’avec rrule', 'dtstart goes with rrule only');
  }
  if (since !== null && start - since > SINCE_DAYS_MAX * DAY) {
    return reading.refuse(place, 'trois ans au plus avant start', 'three years at the most before start');
  }
  return since;
}

/** As a slot that is written: what it says of where and for what must be so of its schedule too. */
function attributesOf(reading: Reading, parts: Arguments, { schedule }: Of): SlotAttributes | null {
  const [argument] = parts.get('slot') ?? [];
  if (!argument) return UNKNOWN_ATTRIBUTES;
  const place = `${argument.expression}.resource`;
  const read = readSlotItems(argument.value);
  if (read.outcome === 'invalid') {
    const within = (expression: string): string => place + expression.slice('Slot'.length);
    reading.issues.push(
      ...issuesOf(read.findings.map((finding) => ({ ...finding, expression: within(finding.expression) }))),
    );
    return null;
  }
  const { locationId, serviceId, attributes } = read;
  if (locationId !== null && locationId !== schedule.locationId) {
    return reading.refuse(
      `${place}.extension`,
      'cet horaire est d’un autre lieu : laissez le lieu de côté',
      'this schedule is of another place: leave the place out',
    );
  }
  if (serviceId !== null && serviceId !== schedule.serviceId) {
    return reading.refuse(
      `${place}.serviceType`,
      'cet horaire est d’un autre service : laissez serviceType de côté',
      'this schedule is of another service: leave serviceType out',
    );
  }
  return attributes;
}
