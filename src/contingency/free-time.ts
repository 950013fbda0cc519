import type { Interval } from '../domain/interval.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { SheetFree } from './sheet.ts';

/** A slot that is free on one platform. */
export type Candidate = Omit<SheetFree, 'kind' | 'platforms' | 'places'> & { readonly platform: Bilingual };

const overlap = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end;

/**
 * What a person with a pen can still give away. Platforms show the same time in grids of their own, of 15 minutes here and of 20
 * there: of slots that overlap one is left, or the same time would be given to two. What is on offer now goes before what is
 * only later, what is fresh before what is stale, and then what begins and ends first, which leaves the most.
 * @param taken the time that is already somebody's, once for each.
 */
export function freeTime(
  candidates: readonly Candidate[],
  capacity: number,
  taken: readonly Interval[],
): SheetFree[] {
  const chosen: SheetFree[] = [];
  const inOrder = [...sameTimes(candidates)].sort(
    (a, b) => rank(a) - rank(b) || a.interval.start - b.interval.start || a.interval.end - b.interval.end,
  );
  for (const each of inOrder) {
    if (chosen.some(({ interval }) => overlap(interval, each.interval))) continue;
    const others = taken.filter((interval) => overlap(interval, each.interval)).length;
    chosen.push({ ...each, places: Math.max(1, capacity - others) });
  }
  return chosen.sort((a, b) => a.interval.start - b.interval.start);
}

const rank = ({ bookableFrom, stale }: Pick<SheetFree, 'bookableFrom' | 'stale'>): number =>
  (bookableFrom === null ? 0 : 2) + (stale ? 1 : 0);

/** Of several platforms that show the very same time, one entry; the best of them says how it is. */
function sameTimes(candidates: readonly Candidate[]): Iterable<Omit<SheetFree, 'places'>> {
  const found = new Map<string, Omit<SheetFree, 'places'>>();
  for (const { platform, ...rest } of candidates) {
    const key = `${rest.interval.start}/${rest.interval.end}`;
    const known = found.get(key);
    const best = known && rank(known) <= rank(rest) ? known : rest;
    const platforms = known?.platforms ?? [];
    const isNamed = platforms.some(({ fr }) => fr === platform.fr);
    const { interval, stale, bookableFrom } = best;
    found.set(key, {
      kind: 'free',
      interval,
      stale,
      bookableFrom,
      platforms: isNamed ? platforms : [...platforms, platform],
    });
  }
  return found.values();
}
