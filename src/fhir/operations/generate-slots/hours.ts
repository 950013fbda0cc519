import type { Hours } from '../../../domain/template.ts';
import type { Argument } from '../../arguments.ts';
import { type Reading, TimeText } from './values.ts';

const END_OF_DAY_MINUTES = 1_440;

/** Half-open. Midnight as its end is that of the end of the day: R4 has no time 24:00. */
export function hoursOf(reading: Reading, { parts }: Argument): Hours | null {
  const fromMinute = reading.one(parts, 'from', TimeText);
  const to = reading.one(parts, 'to', TimeText);
  if (fromMinute === null || to === null) return null;
  const toMinute = to === 0 ? END_OF_DAY_MINUTES : to;
  if (fromMinute < toMinute) return { fromMinute, toMinute };
  return reading.refuse(
    `${parts.get('to')?.[0]?.expression}.value`,
    'to doit suivre from, le même jour; 00:00:00 est minuit à la fin du jour',
    'to must be after from, on the same day; 00:00:00 is the midnight that ends the day',
  );
}
