import { DAY } from './instant.ts';
import { type Wall, wall, weekdayOf } from './recurrence/wall.ts';
import type { Bilingual } from './schedule.ts';

/**
 * The public holidays of Québec: Act respecting labour standards (CQLR, c. N-1.1), s. 60, and National Holiday Act
 * (CQLR, c. F-1.1), s. 2. The Acts bind employers; a clinic may close on other days too, or on fewer.
 */

/** Section 60, par. 2: one of the two, at the option of the employer. */
export const EASTER_HOLIDAYS = ['good-friday', 'easter-monday'] as const;
export type EasterHoliday = (typeof EASTER_HOLIDAYS)[number];

/** What the Acts leave to whoever observes them. */
export type Observance = { readonly easter: EasterHoliday; readonly worksSundays: boolean };

export type Holiday = { readonly day: Wall; readonly name: Bilingual };

const MONDAY = 0;
const SUNDAY = 6;

/** In order of the calendar. */
export function holidaysOf(year: number, { easter, worksSundays }: Observance): readonly Holiday[] {
  const paschal = easterOf(year);
  const saintJean = date(year, 6, 24);
  const first = date(year, 7, 1);
  const holiday = (day: Wall, fr: string, en: string): Holiday => ({ day, name: { fr, en } });
  return [
    holiday(date(year, 1, 1), 'Jour de l’An', 'New Year’s Day'),
    easter === 'good-friday'
      ? holiday(later(paschal, -2), 'Vendredi saint', 'Good Friday')
      : holiday(later(paschal, 1), 'Lundi de Pâques', 'Easter Monday'),
    holiday(
      mondayFrom(date(year, 5, 18)),
      'Journée nationale des patriotes',
      'National Patriots’ Day', // The Monday preceding 25 May is the one from 18 to 24 May.
    ),
    // F-1.1, s. 2: of who does not work on Sundays it is 25 June in place of a Sunday.
    holiday(
      weekdayOf(saintJean) === SUNDAY && !worksSundays ? later(saintJean, 1) : saintJean,
      'Fête nationale',
      'National Holiday',
    ),
    // Par. 4: 1 July or, if this date falls on a Sunday, 2 July.
    holiday(weekdayOf(first) === SUNDAY ? later(first, 1) : first, 'Fête du Canada', 'Canada Day'),
    holiday(mondayFrom(date(year, 9, 1)), 'Fête du Travail', 'Labour Day'),
    holiday(mondayFrom(date(year, 10, 8)), 'Action de grâce', 'Thanksgiving'),
    holiday(date(year, 12, 25), 'Noël', 'Christmas Day'),
  ];
}

const date = (year: number, month: number, day: number): Wall => wall(Date.UTC(year, month - 1, day));

const later = (day: Wall, days: number): Wall => wall(day + days * DAY);

/** The first Monday that is not before. */
const mondayFrom = (day: Wall): Wall => later(day, (7 - weekdayOf(day) + MONDAY) % 7);

/** Easter Sunday of the Gregorian calendar (anonymous algorithm of 1876; J. Meeus, Astronomical Algorithms, ch. 8). */
function easterOf(year: number): Wall {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const days = epact + toSunday - 7 * late + 114;
  return date(year, Math.floor(days / 31), (days % 31) + 1);
}
