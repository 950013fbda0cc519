import { z } from 'zod';
import { parseAs, refusal } from '../../../../mappings/fhir/findings.ts';
import { InstantText } from '../../../../mappings/fhir/instant-text.ts';
import { dayStart } from '../../../../mappings/fhir/local-time.ts';
import { DAY } from '../../../domain/instant.ts';
import { type Interval, interval } from '../../../domain/interval.ts';
import { parseWall, type Wall, wall } from '../../../domain/recurrence/wall.ts';
import type { Bilingual } from '../../../domain/schedule.ts';
import type { Argument, Arguments } from '../../arguments.ts';
import { issuesOf } from '../../incoming.ts';
import type { Issue, IssueCode } from '../../outcomes.ts';

/** What the parameters say, each by itself; whatever is wrong is gathered, so that it can be told all at once. */

/** Milliseconds of R4's `time` are taken where they are none: what is counted here are minutes. */
const TIME = /^([01]\d|2[0-3]):([0-5]\d):00(\.0+)?$/;
/** Years in which zones and holidays are reckoned with confidence. */
const DATE = /^(19|20|21)\d\d-\d\d-\d\d$/;

const dayIn = (text: string): Wall | null => (DATE.test(text) ? parseWall(text) : null);

export const DateText = z.string().transform((text, context): Wall => {
  const day = dayIn(text);
  if (day !== null) return day;
  const said = {
    fr: 'une date qui existe, comme 2026-11-24, de 1900 à 2199',
    en: 'a date that exists, as 2026-11-24, from 1900 to 2199',
  };
  context.addIssue({ code: 'custom', ...refusal(said, 'value') });
  return z.NEVER;
});

/** In minutes after midnight. */
export const TimeText = z
  .string()
  .refine(
    (text) => TIME.test(text),
    refusal(
      { fr: 'une heure à la minute, comme 09:20:00', en: 'a time to the minute, as 09:20:00' },
      'value',
    ),
  )
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)));

export class Reading {
  readonly issues: Issue[] = [];

  /** @param place of the element that is wrong (FHIRPath). */
  refuse(place: string, fr: string, en: string, code: IssueCode = 'value'): null {
    this.issues.push({ diagnostics: { fr, en }, expression: place, code });
    return null;
  }

  /** The value of the one parameter of this name; null where it is left out, or no such thing. */
  one<T extends z.ZodType>(given: Arguments, name: string, schema: T): z.output<T> | null {
    const [argument] = given.get(name) ?? [];
    return argument ? this.value(argument, schema) : null;
  }

  value<T extends z.ZodType>({ value, expression }: Argument, schema: T): z.output<T> | null {
    const parsed = parseAs(schema, value, `${expression}.value`);
    if (parsed.ok) return parsed.data;
    this.issues.push(...issuesOf(parsed.findings));
    return null;
  }
}

const Period = z.object({ start: z.string(), end: z.string() });
const PERIOD_ENDS: Bilingual = {
  fr: 'un jour, comme 2026-12-24, ou un instant avec son décalage, comme 2026-12-24T12:00:00-05:00',
  en: 'a day, as 2026-12-24, or an instant with its offset, as 2026-12-24T12:00:00-05:00',
};

/** A day as its end is all of that day (R4, datatypes.html, Period). @param zone IANA */
export function periodOf(reading: Reading, argument: Argument, zone: string): Interval | null {
  const period = reading.value(argument, Period);
  if (period === null) return null;
  const at = (text: string, days: number) => {
    const day = dayIn(text);
    if (day !== null) return dayStart(wall(day + days * DAY), zone);
    return InstantText.safeParse(text).data ?? null;
  };
  const place = `${argument.expression}.value`;
  const [start, end] = [at(period.start, 0), at(period.end, 1)];
  if (start === null) return reading.refuse(`${place}.start`, PERIOD_ENDS.fr, PERIOD_ENDS.en);
  if (end === null) return reading.refuse(`${place}.end`, PERIOD_ENDS.fr, PERIOD_ENDS.en);
  if (start < end) return interval(start, end);
  return reading.refuse(
    `${place}.end`,
    'la fin doit suivre le début',
    'the end must be after the start',
    'invariant',
  );
}
