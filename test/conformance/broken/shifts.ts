import type { Platform } from '../../../src/adapter/contract.ts';
import type { ObservedShift, Page } from '../../../src/adapter/observation.ts';
import { fromLocal, toLocal } from '../../../src/adapter/zone.ts';
import { DAY, HOUR, MINUTE, parseInstant, plus } from '../../../src/domain/instant.ts';
import { type Interval, interval } from '../../../src/domain/interval.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import { allOf, type Broken, broken, pages, rowPages, type Spoil } from './broken.ts';

/** Adapters that read a roster wrongly. */

const shifts = (change: (shift: ObservedShift, zone: string) => ObservedShift | null): Spoil =>
  pages((page, { zoneOf }) =>
    page.kind === 'rows'
      ? {
          ...page,
          shifts: (page.shifts ?? [])
            .map((shift) => change(shift, zoneOf(shift.calendar)))
            .filter((shift) => shift !== null),
        }
      : page,
  );

const end =
  (change: (complete: Interval | null, window: Interval) => Interval | null): Spoil =>
  (platform) => ({
    read: async function* (request) {
      for await (const page of platform.read(request))
        yield page.kind === 'end' ? { ...page, complete: change(page.complete, request.window) } : page;
    },
  });

/** Its first reading, over and over. */
function remembering(platform: Platform): Partial<Platform> {
  let kept: Page[] | null = null;
  return {
    read: async function* (request) {
      kept ??= await allOf(platform.read(request));
      yield* kept;
    },
  };
}

const inZone =
  (change: (local: string, zone: string) => number) =>
  (shift: ObservedShift, zone: string): ObservedShift => {
    const { start, end: until } = shift.interval;
    const [from, to] = [start, until].map((at) => change(toLocal(at, zone), zone));
    return { ...shift, interval: { start: from, end: to } as Interval };
  };

const NIGHTS = ['toronto', 'halifax', 'blanc-sablon'].map((zone) => `shifts-nights-${zone}`);
const ROSTER = 'roster';

export const SHIFTS: readonly Broken[] = [
  broken(
    'offers each shift as a slot',
    'shifts-read',
    rowPages((page) => ({
      ...page,
      rows: (page.shifts ?? []).map(({ externalId, calendar, interval: time, revision }) => ({
        ...{ kind: 'slot' as const, externalId, calendar, interval: time, revision },
        ...{ mark: null, sequence: null, attributes: UNKNOWN_ATTRIBUTES },
      })),
    })),
    ROSTER,
  ),
  broken(
    'tells one shift twice',
    'shifts-read',
    rowPages((page) => ({ ...page, shifts: [...(page.shifts ?? []), ...(page.shifts ?? []).slice(0, 1)] })),
    ROSTER,
  ),
  broken(
    'keeps the roster that it read first',
    ['shift-moved', 'shift-withdrawn', 'roster-empty'],
    remembering,
    ROSTER,
  ),
  broken(
    'leaves out what was changed',
    'shift-moved',
    shifts((shift) => (shift.revision === '1' ? shift : null)),
    ROSTER,
  ),
  broken(
    'never says that it read all',
    ['shift-withdrawn', 'roster-empty'],
    end(() => null),
    ROSTER,
  ),
  broken(
    'reads all up to now alone',
    'shift-withdrawn',
    end((_, { start }) => interval(start, plus(start, DAY))),
    ROSTER,
  ),
  broken(
    'takes an empty roster for a fault',
    'roster-empty',
    (platform) => ({
      read: async function* (request) {
        const all = await allOf(platform.read(request));
        if (!all.some((page) => page.kind === 'rows')) throw new Error('a roster without a shift');
        yield* all;
      },
    }),
    ROSTER,
  ),
  broken(
    'takes one period for the whole roster',
    'roster-period',
    end((complete, window) => complete && window),
    ROSTER,
  ),
  broken(
    'forgets the period that a shift was published with',
    'roster-period',
    shifts((shift) => ({ ...shift, period: null })),
    ROSTER,
  ),
  broken(
    'drops the shifts with an unmapped task',
    'shift-unmapped-task',
    rowPages((page) => ({ ...page, shifts: (page.shifts ?? []).filter(({ task }) => task !== null) })),
    ROSTER,
  ),
  broken(
    'takes a task that it does not know for work with patients',
    'shift-unmapped-task',
    shifts((shift) => ({ ...shift, task: shift.task ?? 'appointments' })),
    ROSTER,
  ),
  broken(
    'does not report an unmapped task',
    'shift-unmapped-task',
    rowPages((page) => ({ ...page, rejected: [] })),
    ROSTER,
  ),
  broken('takes local times for UTC', NIGHTS, shifts(inZone((local) => parseInstant(`${local}Z`))), ROSTER),
  broken(
    'forgets the second 01:30',
    NIGHTS.slice(0, 2),
    shifts(inZone((local, zone) => fromLocal(local, zone))),
    ROSTER,
  ),
  broken(
    'ends a shift by midnight',
    NIGHTS,
    shifts((shift, zone) => {
      const { start, end: until } = shift.interval;
      const midnight = fromLocal(`${toLocal(plus(until, -MINUTE), zone).slice(0, 10)}T00:00`, zone);
      return midnight > start && until - start < 20 * HOUR
        ? { ...shift, interval: { start, end: midnight } }
        : shift;
    }),
    ROSTER,
  ),
];
