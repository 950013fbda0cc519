import type { z } from 'zod';
import type { Identifier } from '../domain/schedule.ts';
import { FOUND_CALENDARS_MAX, type FoundCalendar, type FoundCalendars } from './contract.ts';

/** The list of a platform's calendars, as the contract wants it, from the rows in which the platform has it. */

/** What a row says; what is left out, null or blank is not known. */
export type SaidOfCalendar = {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly practitionerName?: string | null | undefined;
  readonly identifiers?: readonly Identifier[];
  readonly location?: string | null | undefined;
};

/**
 * Each row by itself: one that cannot be read is left out, and then these are not all. A calendar that several rows name is listed
 * once, as the first of them has it.
 * @param calendarOf null = the row is of no calendar.
 * @param isWhole false = the platform has more rows than these.
 */
export function foundCalendars<Schema extends z.ZodType>(
  rows: readonly unknown[],
  schema: Schema,
  calendarOf: (row: z.output<Schema>) => SaidOfCalendar | null,
  isWhole = true,
): FoundCalendars {
  const found = new Map<string, FoundCalendar>();
  let complete = isWhole;
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (!parsed.success) complete = false;
    const said = parsed.success ? calendarOf(parsed.data) : null;
    if (said === null || found.has(said.id)) continue;
    if (found.size === FOUND_CALENDARS_MAX) return { found: [...found.values()], complete: false };
    found.set(said.id, calendarOfWords(said));
  }
  return { found: [...found.values()], complete };
}

const calendarOfWords = ({ id, identifiers = [], ...said }: SaidOfCalendar): FoundCalendar => ({
  id,
  name: words(said.name),
  practitionerName: words(said.practitionerName),
  identifiers: identifiers.filter(({ system, value }) => system.trim() !== '' && value.trim() !== ''),
  location: words(said.location),
});

/** In one text, with a space between; null where there are none. */
export const words = (...parts: readonly (string | null | undefined)[]): string | null =>
  parts
    .map((part) => part?.trim())
    .filter(Boolean)
    .join(' ') || null;
