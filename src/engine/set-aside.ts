import type { Observation, Rejected } from '../adapter/observation.ts';
import type { Context } from './context.ts';

/** Rows of calendars that the configuration links, and a word about each that it does not. */
export function sortOut(
  { directory }: Context,
  connectionId: string,
  rows: readonly Observation[],
): { linked: Observation[]; rejected: Rejected[] } {
  const unlinked = new Set<string>();
  const linked = rows.filter((row) => {
    const isLinked = directory.calendar(connectionId, row.calendar) !== null;
    if (!isLinked) unlinked.add(row.calendar);
    return isLinked;
  });
  const rejected = [...unlinked].map((calendar) => ({
    externalId: calendar,
    reason: 'this calendar is not linked to a schedule in the configuration',
  }));
  return { linked, rejected };
}
