import { DAY, earlier, type Instant, MINUTE, plus, SECOND } from '../../../src/domain/instant.ts';
import { violations } from '../checker.ts';
import { RVSQ, VENDOR } from '../clinic.ts';
import { mostOvertaken, type Pass } from './backlog.ts';
import { type Ledger, ledger } from './ledger.ts';
import type { Outage } from './run.ts';
import { outagesOf, type Span } from './timetable.ts';

/** What the outage must show. A claim that does not hold says how it was instead. */

export type Claim = { readonly text: string; readonly violations: readonly string[] };

/** The circuit's longest pause is between half a minute and one, and a call may fall into either end of a minute. */
const CALLS_A_MINUTE_WHILE_DOWN = 4;
/** Until the pauses have grown to their longest. */
const GROWING_MILLISECONDS = 5 * MINUTE;
/** After the longest pause one call finds out that the vendor is back. */
const FOUND_OUT_MILLISECONDS = 2 * MINUTE;
/** They are sent in order, eight under way at once, and may pass each other on their way: twice as many at the most. */
const PASSING = 16;
/** A listing that was tried just before the recovery waits so long, and others pass it by: two or three of them. */
const RETRIED = 3;

export type Judgement = { readonly claims: readonly Claim[]; readonly kept: Ledger };

/** While the database is open. */
export async function judge(outage: Outage): Promise<Judgement> {
  const { database, crowd } = outage.world;
  const kept = await ledger(database, crowd.visits, crowd.doubleSales, outage.timetable.until);
  return { kept, claims: await claimsOf(outage, kept) };
}

async function claimsOf(outage: Outage, kept: Ledger): Promise<readonly Claim[]> {
  const { world, timetable, errors } = outage;
  const { database, sites } = world;
  const left = await violations({
    sites,
    requests: [],
    asks: [],
    held: [],
    moves: [],
    cancelledReferences: new Map(),
    orders: [],
    plans: [],
    closed: [],
    shut: [],
    policy: 'ask',
    sharing: { mode: 'shared' },
    release: { kind: 'always' },
    topology: 'block',
    database,
    now: timetable.until,
  });
  const outages = outagesOf(timetable);
  return [
    {
      text: 'while the vendor is down every clinic can be booked at the public platform, and is',
      violations: outages.flatMap((span) => whileDown(outage, span)),
    },
    {
      text: `while it is down it is called at most ${CALLS_A_MINUTE_WHILE_DOWN} times a minute`,
      violations: outages.flatMap((span) => probes(outage, span)),
    },
    {
      text: 'when it is back one call finds out, and the others come after its answer',
      violations: outage.passes.flatMap((pass) => firstCall(outage, pass)),
    },
    {
      text: 'never more calls in any minute than the vendor allows, and none that it refuses for that',
      violations: world.vendorDoor.refused.map((at) => `refused at ${new Date(at).toISOString()}`),
    },
    {
      text: `what waited is written soonest first: nothing before more than ${PASSING + RETRIED} that start sooner`,
      violations: outage.passes.flatMap(order),
    },
    {
      text: 'no call is spent on closing time that has passed',
      violations: pastClosings(outage),
    },
    {
      text: 'what waited is written within the time that the limit asks for, and ten minutes',
      violations: outage.passes.flatMap((pass) => duration(outage, pass)),
    },
    {
      text: 'in the end both platforms show the same, and no listing differs',
      violations: [...left, ...errors],
    },
    { text: 'no visit that a patient was sold is lost or taken for over', violations: kept.wrong },
    {
      text: 'each conflict is of a time that was sold twice, or given back unheard; each of the former is shown',
      violations: conflictsOf(kept),
    },
  ];
}

const conflictsOf = ({ groundless, hidden }: Ledger): string[] => [
  ...groundless.map((pair) => `was not sold twice: ${pair}`),
  ...hidden.map((time) => `was sold twice and is not shown: ${time}`),
];

function whileDown({ samples, world }: Outage, { from, until }: Span): string[] {
  const closed = samples
    .filter(({ at, phase }) => phase === 'down' && from < at && at < until)
    .filter(({ unbookableClinics }) => unbookableClinics > 0)
    .map(
      ({ at, unbookableClinics }) => `${unbookableClinics} clinics closed at ${new Date(at).toISOString()}`,
    );
  const days: Instant[] = [];
  for (let day = from; day < until; day = plus(day, DAY)) days.push(day);
  const idle = days.filter((day) => world.crowd.soldOn(RVSQ, day, earlier(plus(day, DAY), until)) === 0);
  return [...closed, ...idle.map((day) => `nobody booked in the day from ${new Date(day).toISOString()}`)];
}

function probes({ world }: Outage, { from, until }: Span): string[] {
  const most = world.vendorDoor.busiestMinute(plus(from, GROWING_MILLISECONDS), until);
  return most > CALLS_A_MINUTE_WHILE_DOWN ? [`${most} calls in a minute`] : [];
}

function firstCall({ world }: Outage, { backlog }: Pass): string[] {
  const [first, second] = world.vendorDoor.arrivals.filter((at) => at >= backlog.at);
  if (first === undefined || first - backlog.at > FOUND_OUT_MILLISECONDS)
    return ['nobody found out within two minutes'];
  return second !== undefined && second - first < 10 ? ['the first call was not alone'] : [];
}

function order(pass: Pass): string[] {
  const overtaken = mostOvertaken(pass);
  return overtaken > PASSING + RETRIED ? [`one was written before ${overtaken} that start sooner`] : [];
}

/** By the body of the call. What passed a moment ago may be on its way. */
const pastClosings = ({ world }: Outage): string[] =>
  world.sites[VENDOR].log
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/blocages'))
    .filter(
      ({ at, body }) => Date.parse((JSON.parse(body) as { fin: string }).fin) < at - FOUND_OUT_MILLISECONDS,
    )
    .map(({ at, path }) => `${path} at ${new Date(at).toISOString()}`);

/** Not all that waited need be told: what was cancelled, or has begun, is not. */
function duration({ limit }: Outage, { backlog, told }: Pass): string[] {
  const last = Math.max(backlog.at, ...told.map(({ at }) => at));
  const allowed = 10 * MINUTE + (2 * told.length * MINUTE) / limit;
  return last - backlog.at > allowed ? [`it took ${Math.round((last - backlog.at) / SECOND)} s`] : [];
}

/** How the calls began, in steps of that many seconds. */
export const callsAfter = ({ world }: Outage, at: Instant, seconds: number, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) =>
    world.vendorDoor.between(plus(at, step * seconds * SECOND), plus(at, (step + 1) * seconds * SECOND)),
  );

/** Sold twice during the outages themselves: there is nobody to sell it on the other side. */
export const soldTwiceWhileDown = ({ world, timetable }: Outage): number =>
  world.crowd.doubleSales.filter(({ second }) =>
    outagesOf(timetable).some(({ from, until }) => from <= second.soldAt && second.soldAt < until),
  ).length;
