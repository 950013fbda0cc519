import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { RVSQ, VENDOR } from '../clinic.ts';
import { mostOvertaken } from './backlog.ts';
import { callsAfter, soldTwiceWhileDown } from './claims.ts';
import { localOf } from './clinics.ts';
import type { Ledger } from './ledger.ts';
import type { Sample } from './measure.ts';
import type { Outage } from './run.ts';
import { outagesOf, type Phase, spanAt, type Timetable } from './timetable.ts';

/** The outage told in lines, as it happens, and in a table at its end. */

/** Of each quiet day one line. */
const TOLD_AT_HOUR = 9;
/** After a change of the phase each hour is told. */
const CLOSELY_MILLISECONDS = 3 * HOUR;

const BEGINNINGS: Readonly<Record<Phase, string>> = {
  down: 'The vendor is down.',
  uneven: 'The vendor is back, and uneven: good hours and bad ones.',
  calm: 'The vendor is well again.',
};

/** What is to be said of the hour that is over; null = nothing. */
export function lineOf(sample: Sample, before: Sample | null, timetable: Timetable): string | null {
  const span = spanAt(timetable, sample.at);
  const begins = before === null || before.phase !== sample.phase;
  const isClose = span !== null && sample.at - span.from <= CLOSELY_MILLISECONDS && span.phase !== 'calm';
  const hasConflict = sample.conflicts > (before?.conflicts ?? 0);
  const isMorning = localOf(sample.at).hour === TOLD_AT_HOUR;
  if (!begins && !isClose && !hasConflict && !isMorning) return null;
  const words = [
    when(sample.at),
    waiting(sample),
    `bookable ${count(sample.bookable[VENDOR]).padStart(6)} + ${count(sample.bookable[RVSQ]).padStart(6)}`,
    `calls ≤ ${String(sample.busiestMinute).padStart(3)} a minute`,
    `${count(sample.visits)} booked`,
  ];
  if (sample.conflicts > 0) words.push(`${sample.conflicts} conflicts`);
  const heading = begins && before !== null ? `\n${when(sample.at)}  ${BEGINNINGS[sample.phase]}\n` : '';
  return heading + words.join('  ');
}

function waiting({ backlog, oldestMilliseconds }: Sample): string {
  const all = backlog[VENDOR] + backlog[RVSQ];
  const oldest = Math.max(oldestMilliseconds[VENDOR], oldestMilliseconds[RVSQ]);
  return `backlog ${count(all).padStart(5)} ${all === 0 ? ''.padEnd(8) : `(${lasting(oldest)})`.padEnd(8)}`;
}

export type Row = readonly [name: string, value: string];

export function rowsOf(outage: Outage, kept: Ledger): readonly Row[] {
  const { samples, world, passes, limit, timetable, clinics } = outage;
  const { crowd, vendorDoor, sites } = world;
  const last = samples.at(-1);
  const most = (of: (sample: Sample) => number): string => count(Math.max(...samples.map(of)));
  const recoveries = passes.flatMap((pass, index): Row[] => {
    const name = `recovery ${index + 1}`;
    const { backlog, told } = pass;
    const end = Math.max(backlog.at, ...told.map(({ at }) => at));
    return [
      [`${name}: listings that differed`, count(backlog.missed.length)],
      [`${name}: written at the vendor`, count(told.length)],
      [`${name}: the last of them after`, lasting(end - backlog.at)],
      [`${name}: most overtaken by later ones`, `${mostOvertaken(pass)} places`],
      [`${name}: calls in each of its first 10 minutes`, callsAfter(outage, backlog.at, 60, 10).join(' ')],
    ];
  });
  return [
    ['clinics', count(clinics)],
    ['visits booked at the vendor', count(crowd.visits.filter(({ home }) => home === VENDOR).length)],
    ['visits booked at RVSQ', count(crowd.visits.filter(({ home }) => home === RVSQ).length)],
    ...outagesOf(timetable).map(
      ({ from, until }, index): Row => [
        `of these in outage ${index + 1}`,
        count(crowd.soldOn(RVSQ, from, until)),
      ],
    ),
    ['cancelled', count(crowd.cancelled)],
    ['patients who got no visit', count(crowd.turnedAway)],
    ['times sold twice', count(crowd.doubleSales.length)],
    ['… while the vendor was down', count(soldTwiceWhileDown(outage))],
    ['conflicts shown', count(last?.conflicts ?? 0)],
    ['… with a visit that was cancelled, unheard', count(kept.outdated)],
    ['visits that began before they were heard of', count(kept.neverHeardOf)],
    ['most listings that differed', most(({ backlog }) => backlog[VENDOR] + backlog[RVSQ])],
    ['fewest bookable slots', count(Math.min(...samples.map(({ bookableIndeed }) => bookableIndeed)))],
    ['most clinics without a bookable slot', most(({ unbookableClinics }) => unbookableClinics)],
    ...recoveries,
    ['calls of the vendor', count(vendorDoor.arrivals.length)],
    ...outagesOf(timetable).map(
      ({ from, until }, index): Row => [
        `of these in outage ${index + 1}`,
        `${count(vendorDoor.between(from, until))}, ${perHour(vendorDoor.between(from, until), until - from)} an hour`,
      ],
    ),
    ['most calls in any minute', `${vendorDoor.busiest} of ${limit}`],
    ['refused for that', count(vendorDoor.refused.length)],
    ['calls of RVSQ', count(sites[RVSQ].log.length)],
  ];
}

const perHour = (calls: number, milliseconds: number): string => (calls / (milliseconds / HOUR)).toFixed(0);

const when = (at: Instant): string =>
  localOf(at).toLocaleString('en-CA', {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });

const count = (value: number): string => value.toLocaleString('en');

function lasting(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return `${Math.round(milliseconds / SECOND)} s`;
  if (milliseconds < 2 * HOUR) return `${Math.round(milliseconds / MINUTE)} min`;
  return `${Math.round(milliseconds / HOUR)} h`;
}
