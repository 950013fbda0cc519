import type { Interval } from '../../src/domain/interval.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { type Evidence, isOurBlock, type Taken, taken, type Waiting, when } from './checker.ts';
import { CONNECTIONS, lanesOf, RVSQ, whoseTime } from './clinic.ts';
import { mostAtOnce } from './lanes.ts';

type Standing = { readonly calendar: string; readonly interval: Interval; readonly isBlock: boolean };

/**
 * Each agenda shows what stands on the others of the same actor, once, and nothing else of ours. Where several are seen
 * at once, only what fills the last lane at some moment, or is closed by the clinic, is to be shown.
 */
export function mirrors(
  evidence: Evidence,
  waiting: readonly Waiting[],
  withheld: ReadonlySet<string>,
): string[] {
  const everything = CONNECTIONS.flatMap((id) => taken(evidence, id));
  const blocked = CONNECTIONS.filter((id) => id !== RVSQ || evidence.topology === 'block');
  return blocked.flatMap((id) =>
    evidence.sites[id].agenda.calendars.flatMap((calendar) => {
      const actor = whoseTime(calendar.actor);
      const theirs = everything.filter((each) => each.actor === actor);
      const standing = [
        ...theirs.filter(({ busy }) => !isOurBlock(busy)).map(standingOf),
        ...waiting.filter((each) => each.actor === actor).map((each) => ({ ...each, isBlock: false })),
        // At no platform.
        ...evidence.shut
          .filter((each) => each.actor === actor)
          .map(({ interval }) => ({ calendar: '', interval, isBlock: true })),
      ];
      const count = new Map<string, number>();
      const add = (interval: Interval, by: number): void => {
        const key = when(actor, interval);
        count.set(key, (count.get(key) ?? 0) + by);
      };
      for (const each of standing)
        if (each.calendar !== calendar.id && isFull(each, standing, lanesOf(actor))) add(each.interval, 1);
      for (const { calendar: place, busy } of theirs)
        if (place === calendar.id && isOurBlock(busy) && !withheld.has(busy.reference ?? ''))
          add(busy.interval, -1);
      return [...count]
        .filter(([, left]) => left !== 0)
        .map(([time, left]) => `${calendar.id}: ${time} ${left > 0 ? 'is open' : 'is closed for nobody'}`);
    }),
  );
}

const standingOf = ({ calendar, busy }: Taken): Standing => ({
  calendar,
  interval: busy.interval,
  isBlock: busy.kind === 'block',
});

/** Whether at some moment of its time nobody more can be seen. */
function isFull({ interval }: Standing, all: readonly Standing[], lanes: number): boolean {
  const visits = all.filter(({ isBlock }) => !isBlock).map((each) => each.interval);
  return (
    all.some((each) => each.isBlock && overlaps(each.interval, interval)) ||
    mostAtOnce(interval, visits) >= lanes
  );
}
