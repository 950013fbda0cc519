import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { type Evidence, isOurBlock, type Waiting } from './checker.ts';
import { CONNECTIONS, lanesOf, whoseTime } from './clinic.ts';
import { mostAtOnce } from './lanes.ts';

/** @returns whether an actor could see somebody at a time, by all that stands on any platform, or is still to be written to one. */
export function roomOf(
  { sites, shut }: Evidence,
  actor: string,
  waiting: readonly Waiting[],
): (interval: Interval) => boolean {
  const taken = CONNECTIONS.flatMap((id) => {
    const { agenda } = sites[id];
    const theirs = agenda.calendars.filter((calendar) => whoseTime(calendar.actor) === actor);
    return theirs.flatMap((calendar) => agenda.busy(calendar.id)).filter((busy) => !isOurBlock(busy));
  });
  const closed = [
    ...taken.filter(({ kind }) => kind === 'block'),
    ...shut.filter((each) => each.actor === actor),
  ].map(({ interval }) => interval);
  const visits = [
    ...taken.filter(({ kind }) => kind === 'reservation').map(({ interval }) => interval),
    ...waiting.filter((visit) => visit.actor === actor).map(({ interval }) => interval),
  ];
  return (interval) =>
    !closed.some((each) => overlaps(each, interval)) && mostAtOnce(interval, visits) < lanesOf(actor);
}
