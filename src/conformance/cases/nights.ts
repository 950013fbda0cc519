import { expect } from 'chai';
import type { Capabilities, Known } from '../../adapter/contract.ts';
import type { Mark } from '../../adapter/observation.ts';
import { DAY, FOREVER, plus } from '../../domain/instant.ts';
import { hull, type Interval, interval } from '../../domain/interval.ts';
import { type Case, declares, graded, hand, hasAgenda, Untried } from '../case.ts';
import { type Making, make, unmake } from '../commands.ts';
import { type Context, known } from '../context.ts';
import {
  NIGHT_KINDS,
  NIGHT_TITLES,
  NIGHT_ZONES,
  type Night,
  type NightKind,
  type NightZone,
  nightsOf,
} from '../nights.ts';

/** Nasty nights: what is read and what is written keeps its instants, wherever the clinic is. */

const key = ({ start, end }: Interval): string => `${start}-${end}`;

const writes = (capabilities: Capabilities): boolean =>
  declares('block')(capabilities) || declares('publish')(capabilities);

const here = (context: Context, zone: NightZone): void => {
  if (context.bench.zone !== zone) throw new Untried(`the target has no calendar in ${zone}`);
};

/** All of them, and a day on either side. */
function around(nights: readonly Night[]): Interval {
  const all = hull(nights.map((night) => night.interval));
  return all ? interval(plus(all.start, -DAY), plus(all.end, DAY)) : interval(plus(FOREVER, -1), FOREVER);
}

/** Somebody at the clinic books them at the platform, and we read. */
async function read(context: Context, nights: readonly Night[]): Promise<void> {
  const book = hand(context.bench.staffBooks, 'be booked on at any time by its clinic');
  const booked: string[] = [];
  try {
    for (const night of nights) booked.push(await book(night.interval));
    const { rows } = await context.read(context.connect(), null, around(nights));
    const taken = rows.filter((row) => row.kind === 'busy').map((row) => key(row.interval));
    for (const night of nights) expect(taken, night.local).to.include(key(night.interval));
  } finally {
    for (const id of booked) await context.patientCancels(id);
  }
}

/** We close them, or put them on offer, and look by the second way and by a reading. */
async function write(context: Context, nights: readonly Night[]): Promise<void> {
  const platform = context.connect();
  const name: Making = platform.operations.block ? 'block' : 'publish';
  const made: { readonly night: Night; readonly mark: Mark; readonly known: Known }[] = [];
  try {
    for (const night of nights) {
      const mark = context.mark();
      const time = { interval: night.interval, slot: null };
      made.push({ night, mark, known: known(await make(name, context, platform, time, mark)) });
    }
    const raw = await context.raw();
    const standing = (name === 'publish' ? raw.slots : raw.periods).map((each) => key(each.interval));
    const { rows } = await context.read(platform, null, around(nights));
    for (const { night, mark } of made) {
      expect(standing, night.local).to.include(key(night.interval));
      expect(rows.find((row) => row.mark === mark)?.interval, night.local).to.deep.equal(night.interval);
    }
  } finally {
    for (const each of made) await unmake(name, context, platform, each.mark, each.known);
  }
}

/** A platform may keep one local day and one local clock, and have no word for them. */
const EXEMPTABLE: readonly NightKind[] = ['repeated-hour', 'over-midnight', 'all-day'];

/** Where the clocks never change, no hour happens twice. */
const combinations = NIGHT_ZONES.flatMap((zone) =>
  NIGHT_KINDS.filter((kind) => kind !== 'repeated-hour' || zone !== 'America/Blanc-Sablon').map((kind) => ({
    zone,
    kind,
    suffix: `${kind}-${(zone.split('/')[1] ?? zone).toLowerCase()}`,
    nights: (context: Context) => {
      here(context, zone);
      return nightsOf(kind, zone, context.now());
    },
  })),
);

export const NIGHTS: readonly Case[] = [
  ...graded(
    'bronze',
    combinations.map(({ zone, kind, suffix, nights }) => ({
      id: `read-${suffix}`,
      title: `reads ${NIGHT_TITLES[kind]}, in ${zone}`,
      zone,
      isExemptable: EXEMPTABLE.includes(kind),
      applies: hasAgenda,
      run: (context: Context) => read(context, nights(context)),
    })),
  ),
  ...graded(
    'silver',
    combinations.map(({ zone, kind, suffix, nights }) => ({
      id: `write-${suffix}`,
      title: `writes ${NIGHT_TITLES[kind]}, in ${zone}`,
      zone,
      isExemptable: EXEMPTABLE.includes(kind),
      applies: writes,
      run: (context: Context) => write(context, nights(context)),
    })),
  ),
];
