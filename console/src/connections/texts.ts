import { locale } from '../i18n/current.ts';
import { dayOf, shortDayText, timeText, today } from '../time/zone.ts';

/** Of who looks, where a connection has no calendar that says where it is. */
export const zoneOf = (given: string | null): string =>
  given ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** As 10:42, and with its day where that is not today. */
export const momentText = (instant: string, zone: string): string =>
  dayOf(instant, zone) === today(zone)
    ? timeText(instant, zone)
    : `${shortDayText(instant, zone)}, ${timeText(instant, zone)}`;

type Unit = readonly [unit: string, milliseconds: number];
const UNITS: readonly Unit[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** As 0.4 s or 3 min, in the largest unit of which there is one. */
export function durationText(milliseconds: number): string {
  const [unit, size] = UNITS.find((each) => milliseconds >= each[1]) ?? (['second', 1_000] as const);
  const amount = milliseconds / size;
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: amount < 10 ? 1 : 0,
  }).format(amount);
}

export const countText = (count: number): string => new Intl.NumberFormat(locale()).format(count);
