import { createHash } from 'node:crypto';
import { isFault } from '../../src/adapter/faults.ts';
import { Directory } from '../../src/domain/directory.ts';
import { DAY, MINUTE, parseInstant, plus, SECOND } from '../../src/domain/instant.ts';
import type { Database } from '../../src/store/database.ts';
import { openSites, releaseOf, STARTS } from './beginning.ts';
import { type Evidence, promised, violations } from './checker.ts';
import {
  CONNECTIONS,
  type ConnectionId,
  clinicOf,
  RVSQ,
  SECRET,
  STALENESS_MILLISECONDS,
  VENDOR,
} from './clinic.ts';
import { clocksOf } from './clocks.ts';
import { Closer, shutTime } from './closer.ts';
import { SharedDatabase } from './database.ts';
import { Desk } from './desk.ts';
import { dice as diceOf } from './dice.ts';
import { type Gateway, type GatewayWorld, startGateway } from './gateway.ts';
import { watch } from './holds.ts';
import { hurry } from './hurry.ts';
import { movedIds } from './moves.ts';
import { Patients } from './patients.ts';
import { Planner } from './planner.ts';
import { broughtByTheClock } from './releases.ts';
import { conflictRows } from './settlements.ts';
import { changesHands, RULES } from './shares.ts';
import type { Site } from './site.ts';
import { Tally } from './tally.ts';
import { Timeline } from './timeline.ts';
import { type Variant, WHOLE } from './variants.ts';
import { type Bias, brew } from './weather.ts';
import { sendWebhooks } from './webhooks.ts';

/** One run: a clinic, its patients and bad weather for an hour or so, then quiet; then what must hold is checked. */

export type Result = {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly tally: Tally;
  /** The same for two runs in which the same happened. */
  readonly history: string;
};

/** The longest that convergence may take once all is well: leases, circuits and one poll of each. */
const CONVERGENCE_MILLISECONDS = 25 * MINUTE;

export async function runSeed(
  seed: number,
  database: Database,
  variant: Variant = WHOLE,
  bias: Bias = {},
): Promise<Result> {
  const dice = diceOf(`run ${seed}`);
  // Now and then a day instead of an hour, with outages.
  const isLong = dice.of('span').chance(0.01);
  const beginning = dice.one(STARTS);
  const start = plus(parseInstant(beginning.at), dice.whole(0, 60) * MINUTE);
  const timeline = new Timeline(start);
  const tally = new Tally();
  const found: string[] = [];
  await emptied(database, variant);
  const isFed = dice.chance(0.25);
  const release = releaseOf(dice.of('release'), beginning, bias);
  // What is released is seen best where it is published.
  const isFedForRelease = release.kind !== 'always' && dice.of('release and topology').chance(0.5);
  const topology = bias.topology ?? (isFed || isFedForRelease ? 'publish' : 'block');
  const walkInDice = dice.of('walk-in');
  const isBusy = walkInDice.chance(0.25);
  const walkIn = bias.walkIn ?? isBusy;
  const sites = openSites(timeline, dice, seed, { topology, walkIn });
  const pace = isLong ? 10 : 1;
  const polls = { [VENDOR]: dice.whole(1, 4) * MINUTE, [RVSQ]: pace * dice.whole(10, 90) * SECOND };
  const thrown = dice.one(['ask', 'ask', 'keep-first'] as const);
  const policy = bias.conflicts ?? thrown;
  const allotted = dice.of('shares').one(RULES);
  const ways = [{ mode: 'shared' }, { mode: 'shared' }, { mode: 'hold-first' }, allotted] as const;
  const sharing = bias.sharing ?? dice.one(ways);
  const shared = new SharedDatabase(variant.database(database), timeline, dice.of('database'));
  const world: GatewayWorld = {
    timeline,
    database: shared,
    sites,
    directory: new Directory(
      variant.clinic(
        clinicOf({
          failover: dice.one(['refuse', 'accept'] as const),
          conflicts: policy,
          topology,
          sharing,
          pollMilliseconds: polls,
          walkIn,
          release,
        }),
      ),
    ),
    dice,
    tally,
    variant,
    timing: { sweepMilliseconds: pace * 45 * SECOND, freshnessMilliseconds: MINUTE },
    limitsOf: (_, declared) => ({ ...declared, stalenessMilliseconds: STALENESS_MILLISECONDS }),
    onError: (where, error) => {
      if (!isExpected(error))
        found.push(`${where}: ${String((error as Error)?.stack ?? error).slice(0, 600)}`);
    },
  };
  const count = dice.chance(0.35) ? 2 : 1;
  const processes = supervise(world, bias.processes ?? count, clocksOf(dice.of('clocks'), bias.clocksOff));
  const gateway = () => processes.one();
  for (const id of CONNECTIONS) {
    sendWebhooks(sites[id], {
      timeline,
      dice: dice.of(`webhooks of ${id}`),
      tally,
      secret: SECRET,
      gateway,
      onForgery: (outcome) => {
        if (outcome === 'accepted') found.push('a forged webhook was accepted');
      },
    });
  }
  await timeline.run(plus(start, MINUTE));

  const stormy = isLong ? DAY : dice.whole(5, 20) * MINUTE;
  const until = plus(timeline.now, stormy);
  const patients = new Patients({
    sites,
    dice: dice.of('patients'),
    now: () => timeline.now,
    gateway,
    watch: (hold) =>
      watch({ timeline, database: shared, sites, sweepMilliseconds: world.timing.sweepMilliseconds }, hold),
    // Far enough to meet what is not released.
    reach: release.kind === 'always' ? 60 : 400,
    // Who would come back when all is to be quiet does not.
    later: (wait, run) => {
      if (plus(timeline.now, wait) < until) timeline.after(wait, run);
    },
  });
  if (sharing.mode === 'allotted') {
    for (const id of CONNECTIONS) {
      const onBooking = () => {
        tally.bookings += 1;
      };
      hurry(sites[id], { timeline, dice: dice.of(`hurry at ${id}`), until, onBooking });
    }
  }
  brew(
    { timeline, dice: dice.of('weather'), sites, database: shared, tally, kill: processes.kill },
    { from: timeline.now, until, isLong },
    bias,
  );
  for (let action = dice.whole(8, 45); action > 0; action -= 1) {
    timeline.at(plus(timeline.now, dice.between(0, stormy)), () => patients.act());
  }
  // In so long a time the few would seldom meet an outage.
  const more = dice.of('long');
  for (let action = isLong ? more.whole(60, 120) : 0; action > 0; action -= 1) {
    timeline.at(plus(timeline.now, more.between(0, stormy)), () => patients.act());
  }
  const rushDice = dice.of('rushes');
  for (let rushes = bias.rushes ?? 0; rushes > 0; rushes -= 1) {
    timeline.at(plus(timeline.now, rushDice.between(0, stormy)), () => patients.rush());
  }
  for (let crowds = walkIn ? walkInDice.whole(2, 8) : 0; crowds > 0; crowds -= 1) {
    timeline.at(plus(timeline.now, walkInDice.between(0, stormy)), () => patients.crowd(walkInDice));
  }
  const desk = new Desk(dice.of('desk'), gateway);
  for (let looks = dice.chance(0.5) ? dice.whole(4, 20) : 0; looks > 0; looks -= 1) {
    timeline.at(plus(timeline.now, dice.between(0, stormy)), () => void desk.act());
  }
  const plannerDice = dice.of('planner');
  const isPlanned = plannerDice.chance(0.12);
  const planner = new Planner({
    dice: plannerDice,
    now: () => timeline.now,
    scheduleIds: world.directory.entries.schedules.map(({ id }) => id),
    gateway,
  });
  for (let plans = (bias.plans ?? isPlanned) ? plannerDice.whole(1, 6) : 0; plans > 0; plans -= 1) {
    timeline.at(plus(timeline.now, plannerDice.between(0, stormy)), () => void planner.act());
  }
  const closerDice = dice.of('closer');
  const isClosed = closerDice.chance(0.2);
  const closer = new Closer({
    dice: closerDice,
    now: () => timeline.now,
    scheduleIds: world.directory.entries.schedules.map(({ id }) => id),
    gateway,
  });
  for (let acts = (bias.closures ?? isClosed) ? closerDice.whole(1, 8) : 0; acts > 0; acts -= 1) {
    timeline.at(plus(timeline.now, closerDice.between(0, stormy)), () => void closer.act());
  }
  await timeline.run(plus(until, SECOND));

  const evidence = async (): Promise<Evidence> => {
    await shared.atRest();
    const { cancelledReferences } = patients;
    const { requests, asks, held, moves } = patients.callers;
    const { orders } = desk;
    const { plans } = planner;
    const now = timeline.now;
    return {
      sites,
      requests,
      asks,
      held,
      moves,
      cancelledReferences,
      orders,
      plans,
      closed: closer.closures,
      shut: await shutTime({ database, now }),
      policy,
      sharing,
      release,
      topology,
      database,
      now,
    };
  };
  const left = await converge(timeline, evidence);
  found.push(...left);
  if (left.length === 0) found.push(...(await rest(timeline, sites, polls, evidence)));
  tally.bookings += patients.bookings + patients.callers.bookings;
  tally.holds += patients.callers.holds;
  tally.closures += closer.closures.filter(({ id }) => id !== null).length;
  tally.plans += planner.plans.filter(({ outcome }) => outcome === 'done').length;
  tally.moves += patients.callers.moves.filter(({ outcome }) => outcome === 'moved').length;
  const conflicts = await conflictRows(await evidence());
  tally.conflicts += conflicts.length;
  tally.settled += conflicts.filter(({ resolution }) => resolution !== null).length;
  tally.moved += movedIds(conflicts).size;
  processes.end();
  return { seed, violations: found, tally, history: historyOf(sites) };
}

async function converge(timeline: Timeline, evidence: () => Promise<Evidence>): Promise<string[]> {
  const end = plus(timeline.now, CONVERGENCE_MILLISECONDS);
  let left = await violations(await evidence());
  while (left.length > 0 && timeline.now < end) {
    await timeline.run(plus(timeline.now, MINUTE));
    left = await violations(await evidence());
  }
  return left;
}

/** Rule 4: when all agrees nobody writes any more. */
async function rest(
  timeline: Timeline,
  sites: Readonly<Record<ConnectionId, Site>>,
  polls: Readonly<Record<ConnectionId, number>>,
  evidence: () => Promise<Evidence>,
): Promise<string[]> {
  const hasChangedHands = await changesHands(await evidence());
  // What one visit leaves and another takes looks the same, and may be news yet: it is read first.
  const longest = Math.max(...CONNECTIONS.map((id) => polls[id]));
  await timeline.run(plus(timeline.now, longest + 10 * SECOND));
  // Who was promised what home has given away is asked for again and again, and refused, until a person sees to it.
  const isAskedFor = (await promised(await evidence())).length > 0;
  const writes = () =>
    CONNECTIONS.flatMap((id) =>
      sites[id].log.filter(({ method, status }) => method !== 'GET' && !(isAskedFor && status === 409)),
    ).length;
  // The block of a hold goes when the hold does: that is news, and no loop.
  const { database } = await evidence();
  const ours = await database.query(`select from busy_period where kind = 'hold' and ended_ms is null`);
  const holds = ours.length > 0 || CONNECTIONS.some((id) => sites[id].agenda.nextExpiry() !== null);
  const since = timeline.now;
  const before = writes();
  await timeline.run(plus(since, 2 * longest));
  const more = writes() - before - broughtByTheClock(await evidence(), since, MINUTE);
  const isNews = holds || (await hasChangedHands(timeline.now));
  return more > 0 && !isNews ? [`${more} writes while all was quiet`] : [];
}

/** Keeps so many processes alive: one that died is started again after a while. */
function supervise(world: GatewayWorld, count: number, aheadOf: (place: number) => number) {
  const { timeline } = world;
  const dice = world.dice.of('supervisor');
  const running: Gateway[] = [];
  let started = 0;
  let over = false;
  const begin = (place: number): void => {
    if (over) return;
    started += 1;
    const gateway = startGateway(world, `process ${started}`, aheadOf(place));
    running[place] = gateway;
    gateway.life.ended.catch(() => timeline.after(dice.whole(200, 20_000), () => begin(place)));
  };
  for (let place = 0; place < count; place += 1) begin(place);
  const living = () => running.filter(({ life }) => !life.isOver);
  return {
    one: (): Gateway | null => (living().length === 0 ? null : dice.one(living())),
    kill: () => {
      if (living().length > 0) dice.one(living()).life.doom(dice.whole(0, 25));
    },
    end: () => {
      over = true;
      for (const { life } of living()) life.kill();
    },
  };
}

async function emptied(database: Database, { script }: Variant): Promise<void> {
  // The event log lets nobody delete, but here it is another clinic's.
  await database.script(`
    set session_replication_role = replica;
    truncate event, allotment, rejected, conflict, feed, connection, appointment, listing, busy_period, slot, schedule,
      slot_version, appointment_version, resource_version
      restart identity cascade;
    set session_replication_role = origin`);
  if (script) await database.script(script);
}

const isExpected = (error: unknown): boolean =>
  isFault(error) || (error as { code?: unknown } | null)?.code === 'ECONNREFUSED';

/** What the platforms were asked, and when. */
function historyOf(sites: Readonly<Record<ConnectionId, Site>>): string {
  const hash = createHash('sha256');
  for (const id of CONNECTIONS) {
    for (const { at, method, path, status } of sites[id].log)
      hash.update(`${id} ${at} ${method} ${path} ${status}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
