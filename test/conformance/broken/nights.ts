import { fromLocal, toLocal } from '../../../src/adapter/zone.ts';
import { NIGHT_KINDS, NIGHT_ZONES, type NightKind, type NightZone } from '../../../src/conformance/nights.ts';
import { DAY, earlier, HOUR, type Instant, parseInstant, plus } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import { type Broken, broken, doing, rows } from './broken.ts';

/** Adapters of platforms that write local times, and that take them for other instants. */

type Mistake = {
  readonly wrong: string;
  readonly of: (time: Interval, zone: string) => Interval;
  readonly kinds: readonly NightKind[];
  readonly zones: readonly NightZone[];
};

const eachEnd =
  (change: (at: Instant, zone: string) => Instant): Mistake['of'] =>
  ({ start, end }, zone) => ({ start: change(start, zone), end: change(end, zone) });

const inZone = (wrong: string): Mistake['of'] => eachEnd((at, zone) => fromLocal(toLocal(at, zone), wrong));

/** With daylight saving. */
const SAVING = ['America/Toronto', 'America/Halifax'] as const;

const MISTAKES: readonly Mistake[] = [
  {
    wrong: 'takes local times for UTC',
    of: eachEnd((at, zone) => parseInstant(`${toLocal(at, zone)}Z`)),
    kinds: NIGHT_KINDS,
    zones: NIGHT_ZONES,
  },
  {
    wrong: 'forgets the second 01:30',
    of: eachEnd((at, zone) => fromLocal(toLocal(at, zone), zone)),
    kinds: ['repeated-hour'],
    zones: SAVING,
  },
  {
    wrong: 'takes 12 AM for noon',
    of: eachEnd((at, zone) => (toLocal(at, zone).slice(11, 13) === '00' ? plus(at, 12 * HOUR) : at)),
    kinds: ['midnight-and-noon', 'all-day'],
    zones: NIGHT_ZONES,
  },
  {
    wrong: 'cuts a day of 25 hours to 24',
    of: ({ start, end }) => ({ start, end: earlier(end, plus(start, DAY)) }),
    kinds: ['all-day'],
    zones: SAVING,
  },
  {
    wrong: 'gives every day 24 hours from its midnight',
    of: ({ start, end }) => ({ start, end: end - start > 20 * HOUR ? plus(start, DAY) : end }),
    kinds: ['all-day'],
    zones: SAVING,
  },
  {
    wrong: 'takes the clinic for one in Toronto',
    of: inZone('America/Toronto'),
    kinds: NIGHT_KINDS,
    zones: ['America/Halifax', 'America/Blanc-Sablon'],
  },
  {
    wrong: 'changes the clocks where they never change',
    of: inZone('America/Halifax'),
    kinds: ['clock-change'],
    zones: ['America/Blanc-Sablon'],
  },
  {
    wrong: 'takes the offset of now for that of any time',
    of: eachEnd((at, zone) => plus(at, offsetOf(at, zone) - offsetOf(Date.now() as Instant, zone))),
    kinds: ['clock-change', 'repeated-hour'],
    zones: SAVING,
  },
];

/** Milliseconds by which the local reading is ahead of UTC. */
const offsetOf = (at: Instant, zone: string): number => parseInstant(`${toLocal(at, zone)}Z`) - at;

/** No hour happens twice in a zone where clocks stay. */
const casesOf = (way: 'read' | 'write', { kinds, zones }: Mistake): string[] =>
  zones.flatMap((zone) =>
    kinds
      .filter((kind) => kind !== 'repeated-hour' || zone !== 'America/Blanc-Sablon')
      .map((kind) => `${way}-${kind}-${zone.split('/')[1]?.toLowerCase()}`),
  );

export const NIGHTS: readonly Broken[] = MISTAKES.flatMap((mistake) => [
  broken(
    `${mistake.wrong} when it reads`,
    casesOf('read', mistake),
    rows((row, { zoneOf }) => ({ ...row, interval: mistake.of(row.interval, zoneOf(row.calendar)) })),
  ),
  broken(`${mistake.wrong} when it writes`, casesOf('write', mistake), (platform, options) =>
    doing(
      'block',
      (right) => (command) =>
        right({ ...command, interval: mistake.of(command.interval, options.zoneOf(command.calendar)) }),
    )(platform, options),
  ),
]);
