import type { DATES } from './manifest.ts';

/** Days and times of day as people and programs write them. What could be read in two ways is not read. */

export type Dates = (typeof DATES)[number];

/** As 2026-11-24; null where it is not written as the list is said to. */
export function readDay(text: string, dates: Dates): string | null {
  const iso = /^(\d{4})[-/.](\d{2})[-/.](\d{2})$/.exec(text);
  if (iso) return `${iso[1]}-${iso[2]}-${iso[3]}`;
  const other = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  if (!other || dates === 'iso') return null;
  const [, first = '', second = '', year = ''] = other;
  const [day, month] = dates === 'day-first' ? [first, second] : [second, first];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

export type Clock = {
  /** As 09:20. */
  readonly text: string;
  /** `marked`: a.m. or p.m. is said. `unclear`: an hour before 7 without a zero, as a clock of 12 hours writes the afternoon. */
  readonly kind: 'sure' | 'marked' | 'unclear';
};

/** 09:20, 9:20, 9 h 20, 9h, 0920 is none; 9:20 AM, 2:05 p.m. */
export function readClock(text: string): Clock | null {
  const found = /^(\d{1,2}) ?(?:[:hH] ?(\d{2})?)(?::(\d{2}))? ?(?:([aApP])\.? ?[mM]\.?)?$/.exec(text);
  if (!found) return null;
  const [, hourText = '', minute = '00', second = '00', half] = found;
  const hour = Number(hourText);
  if (Number(minute) > 59 || second !== '00') return null;
  if (half === undefined) {
    if (hour > 23) return null;
    const kind = hourText.length === 1 && hour >= 1 && hour <= 6 ? 'unclear' : 'sure';
    return { text: `${hourText.padStart(2, '0')}:${minute}`, kind };
  }
  if (hour < 1 || hour > 12) return null;
  const hours = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return { text: `${String(hours).padStart(2, '0')}:${minute}`, kind: 'marked' };
}
