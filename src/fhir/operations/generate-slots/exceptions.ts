import type { Interval } from '../../../domain/interval.ts';
import type { Wall } from '../../../domain/recurrence/wall.ts';
import type { Hours } from '../../../domain/template.ts';
import type { Argument, Arguments } from '../../arguments.ts';
import { hoursOf } from './hours.ts';
import { DateText, periodOf, type Reading } from './values.ts';

/** The exceptions of a week: days with hours of their own, days that are closed, and time that is. */

const EXCEPTIONS_MAX = 400;

export type Exceptions = {
  readonly ownHours: ReadonlyMap<Wall, readonly Hours[]>;
  readonly closed: readonly Interval[];
};

export function exceptionsOf(reading: Reading, given: Arguments, zone: string): Exceptions {
  const ownHours = new Map<Wall, readonly Hours[]>();
  const closed: Interval[] = [];
  const list = given.get('exception') ?? [];
  if (list.length > EXCEPTIONS_MAX) {
    const place = list[EXCEPTIONS_MAX]?.expression ?? '';
    reading.refuse(place, `${EXCEPTIONS_MAX} exceptions au plus`, `${EXCEPTIONS_MAX} exceptions at the most`);
    return { ownHours, closed };
  }
  for (const argument of list) {
    const [date] = argument.parts.get('date') ?? [];
    const [period] = argument.parts.get('period') ?? [];
    if ((date === undefined) === (period === undefined)) {
      reading.refuse(
        argument.expression,
        'date ou period, l’un des deux',
        'date or period, one of the two',
        'required',
      );
    } else if (date) ofDay(reading, argument, date, ownHours);
    else if (period) ofPeriod(reading, argument, period, zone, closed);
  }
  return { ownHours, closed };
}

/** @param ownHours is added to: hours of one day add up, but a day cannot be closed and have hours. */
function ofDay(
  reading: Reading,
  argument: Argument,
  date: Argument,
  ownHours: Map<Wall, readonly Hours[]>,
): void {
  const { parts, expression } = argument;
  const day = reading.value(date, DateText);
  if (parts.has('from') !== parts.has('to')) {
    reading.refuse(expression, 'from et to, les deux ou aucun', 'from and to, both or none', 'required');
    return;
  }
  const hours = parts.has('from') ? hoursOf(reading, argument) : null;
  if (day === null || (hours === null && parts.has('from'))) return;
  const before = ownHours.get(day);
  if (before && (hours === null) !== (before.length === 0)) {
    reading.refuse(
      `${date.expression}.value`,
      'ce jour est fermé par une exception et ouvert par une autre',
      'this day is closed by one exception and open by another',
    );
  } else ownHours.set(day, [...(before ?? []), ...(hours === null ? [] : [hours])]);
}

/** @param closed is added to. */
function ofPeriod(
  reading: Reading,
  { parts }: Argument,
  argument: Argument,
  zone: string,
  closed: Interval[],
): void {
  for (const name of ['from', 'to']) {
    const [hour] = parts.get(name) ?? [];
    if (hour) reading.refuse(hour.expression, `${name} ne va qu’avec date`, `${name} goes with date only`);
  }
  const period = periodOf(reading, argument, zone);
  if (period !== null) closed.push(period);
}
