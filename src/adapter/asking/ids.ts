import { formatInstant, parseInstant } from '../../domain/instant.ts';
import { type Interval, interval } from '../../domain/interval.ts';
import type { ListedTime } from '../contract.ts';

/**
 * Ids of what a person sees on a screen that shows none: where it stands, when, and as what. The same again gets the same id,
 * from a list as from a task.
 */

const WORDS = { free: 'slot', booked: 'booked', blocked: 'blocked' } as const satisfies Record<
  ListedTime['status'],
  string
>;

/** @param place of several that are alike, as a walk-in service has them: 1 of the first. */
export function listedId({ calendar, interval: { start, end }, status }: ListedTime, place = 1): string {
  const id = `${WORDS[status]}/${formatInstant(start)}/${formatInstant(end)}/${calendar}`;
  return place === 1 ? id : `${id}#${place}`;
}

/** The time that such an id names; null of any other id. */
export function listedInterval(externalId: string): Interval | null {
  const [word, start, end] = externalId.split('/');
  if (start === undefined || end === undefined || !Object.values(WORDS).some((each) => each === word)) {
    return null;
  }
  try {
    return interval(parseInstant(start), parseInstant(end));
  } catch {
    return null;
  }
}
