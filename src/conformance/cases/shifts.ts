import { expect } from 'chai';
import type { ObservedShift } from '../../adapter/observation.ts';
import { DAY, HOUR, plus } from '../../domain/instant.ts';
import { contains, hull, type Interval, interval, overlaps } from '../../domain/interval.ts';
import { type Case, graded, hand, isRoster, Untried } from '../case.ts';
import type { Context, Reading } from '../context.ts';
import { NIGHT_KINDS, NIGHT_ZONES, type NightZone, nightsOf } from '../nights.ts';
import type { Planner } from '../target.ts';

/** Rosters: when somebody works is read as it is published, and what is not published is said to be gone only where all is. */

const key = ({ start, end }: Interval): string => `${start}-${end}`;

const plannerOf = (context: Context): Planner => hand(context.bench.planner ?? null, 'be planned on');

const at = (shifts: readonly ObservedShift[], time: Interval): ObservedShift[] =>
  shifts.filter((shift) => overlaps(shift.interval, time));

/** A reading after the change, from where an earlier one ended. */
async function readingAfter(context: Context, change: () => Promise<void>): Promise<Reading> {
  const platform = context.connect();
  const { end } = await context.read(platform);
  await change();
  return context.read(platform, end.kind === 'end' ? end.cursor : null);
}

const completeOf = ({ end }: Reading): Interval | null => (end.kind === 'end' ? end.complete : null);

/** Whatever becomes of it, the roster is as it was. */
async function planned(
  context: Context,
  times: readonly Interval[],
  then: (ids: readonly string[]) => Promise<void>,
): Promise<void> {
  const planner = plannerOf(context);
  const ids: string[] = [];
  try {
    for (const time of times) ids.push(await planner.publish(time));
    await then(ids);
  } finally {
    for (const id of ids) await planner.withdraw(id);
  }
}

/** Those of the suite, and a night's work over each change of the clocks. */
function nightsIn(context: Context, zone: NightZone): readonly { local: string; interval: Interval }[] {
  if (context.bench.zone !== zone) throw new Untried(`the target has no calendar in ${zone}`);
  const kinds = NIGHT_KINDS.filter((kind) => kind !== 'repeated-hour' || zone !== 'America/Blanc-Sablon');
  const short = kinds.flatMap((kind) => nightsOf(kind, zone, context.now()));
  const long = nightsOf('clock-change', zone, context.now())
    .filter((_, index) => index % 4 === 1)
    .map(({ local, interval: { start, end } }) => ({
      local: `twelve hours around ${local}`,
      interval: interval(plus(start, -6 * HOUR), plus(end, 6 * HOUR)),
    }));
  return [...short, ...long];
}

const nightCases: Parameters<typeof graded>[1] = NIGHT_ZONES.map((zone) => ({
  id: `shifts-nights-${(zone.split('/')[1] ?? zone).toLowerCase()}`,
  title: `reads shifts over midnight, over noon and over the changes of the clocks, in ${zone}`,
  zone,
  applies: isRoster,
  run: async (context) => {
    const nights = nightsIn(context, zone);
    await planned(
      context,
      nights.map((night) => night.interval),
      async () => {
        const all = hull(nights.map((night) => night.interval));
        if (!all) throw new Error('there are nights');
        const window = interval(plus(all.start, -DAY), plus(all.end, DAY));
        const { shifts } = await context.read(context.connect(), null, window);
        const given = shifts.map((shift) => key(shift.interval));
        for (const night of nights) expect(given, night.local).to.include(key(night.interval));
      },
    );
  },
}));

export const SHIFTS: readonly Case[] = graded('bronze', [
  {
    id: 'shifts-read',
    title: 'reads all shifts that are published, each once, and nothing that could be booked',
    applies: isRoster,
    run: async (context) => {
      const reading = await context.read(context.connect());
      const window = context.window();
      const inside = (time: Interval): boolean => time.start < window.end && time.end > context.now();
      const published = (await plannerOf(context).shifts()).filter((each) => inside(each.interval));
      const given = reading.shifts.filter((each) => inside(each.interval));
      expect(published).to.not.have.length(0);
      expect(given.map((each) => key(each.interval)).sort()).to.deep.equal(
        published.map((each) => key(each.interval)).sort(),
      );
      expect(new Set(given.map(({ calendar }) => calendar))).to.deep.equal(new Set([context.calendar]));
      expect(new Set(given.map(({ externalId }) => externalId)).size).to.equal(given.length);
      expect([...reading.rows, ...reading.removed, ...reading.rejected]).to.deep.equal([]);
      expect(completeOf(reading)).to.not.equal(null);
    },
  },
  {
    id: 'shift-moved',
    title: 'reads a shift that was moved at its new time, and nowhere else',
    applies: isRoster,
    run: async (context) => {
      const [from, to] = [(await context.free()).interval, (await context.free()).interval];
      await planned(context, [from], async ([id = '']) => {
        const { shifts } = await readingAfter(context, () => plannerOf(context).move(id, to));
        expect(at(shifts, from)).to.deep.equal([]);
        expect(at(shifts, to).map((shift) => key(shift.interval))).to.deep.equal([key(to)]);
      });
    },
  },
  {
    id: 'shift-withdrawn',
    title: 'reads no shift that was withdrawn, and says that it would have met it',
    applies: isRoster,
    run: async (context) => {
      const time = (await context.free()).interval;
      const planner = plannerOf(context);
      const id = await planner.publish(time);
      const reading = await readingAfter(context, () => planner.withdraw(id));
      expect(at(reading.shifts, time)).to.deep.equal([]);
      const complete = completeOf(reading);
      expect(complete && contains(complete, time)).to.equal(true);
    },
  },
  {
    id: 'roster-empty',
    title: 'reads a roster without a shift as one: whether that can be true is not for it to say',
    applies: isRoster,
    run: async (context) => {
      const planner = plannerOf(context);
      const all = await planner.shifts();
      let reading: Reading;
      try {
        reading = await readingAfter(context, async () => {
          for (const { id } of all) await planner.withdraw(id);
        });
      } finally {
        for (const each of all) await planner.publish(each.interval);
      }
      expect([reading.shifts, reading.rejected]).to.deep.equal([[], []]);
      expect(completeOf(reading)).to.not.equal(null);
    },
  },
  {
    id: 'roster-period',
    title: 'says nothing of what lies beyond the period that is published',
    isExemptable: true,
    applies: isRoster,
    run: async (context) => {
      const { interval: time } = await context.free();
      await planned(context, [time], async () => {
        const publishOnly = hand(plannerOf(context).publishOnly, 'publish one period alone');
        const period = interval(plus(time.start, -HOUR), plus(time.end, HOUR));
        try {
          const reading = await readingAfter(context, () => publishOnly(period));
          expect(reading.shifts.map((shift) => key(shift.interval))).to.deep.equal([key(time)]);
          expect(reading.shifts.map((shift) => shift.period && key(shift.period))).to.deep.equal([
            key(period),
          ]);
          const complete = completeOf(reading);
          expect(complete && contains(period, complete), 'it is complete within the period').to.equal(true);
        } finally {
          await publishOnly(null);
        }
      });
    },
  },
  {
    id: 'shift-unmapped-task',
    title: 'gives null for a task whose code is unmapped, reports the code and keeps the shift',
    isExemptable: true,
    applies: isRoster,
    run: async (context) => {
      const { emptyMaps } = context.bench;
      if (!emptyMaps) throw new Error('a roster without codes is exempt, and says so in its manifest');
      const mapped = await context.read(context.connect());
      const { shifts, rejected } = await context.read(context.connect({ maps: emptyMaps }));
      expect(shifts.length).to.equal(mapped.shifts.length);
      expect(mapped.shifts.some(({ task }) => task !== null)).to.equal(true);
      expect(shifts.filter(({ task }) => task !== null)).to.deep.equal([]);
      const [first] = shifts;
      const said = rejected.filter(({ externalId }) => externalId === first?.externalId);
      expect(said.map(({ reason }) => reason).join()).to.match(/unmapped code/);
    },
  },
  ...nightCases,
]);
