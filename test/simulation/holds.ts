import { type Instant, instant, plus, SECOND } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { isGiven } from './callers.ts';
import { type Evidence, when } from './checker.ts';
import { type ConnectionId, lanesOfSchedule } from './clinic.ts';
import type { SharedDatabase } from './database.ts';
import { mostAtOnce } from './lanes.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';

/** Holds that callers were told of: whether each lasts as long as was promised, by the clock of the database. */

export type Held = {
  readonly id: string;
  readonly home: ConnectionId;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly milliseconds: number;
  /** When it was asked for, and when it was answered. */
  readonly from: Instant;
  readonly since: Instant;
  /** As its caller was told. */
  readonly expiresAt: Instant;
  /** When its caller came to book it or to give it back; null = not yet. */
  endedByCallerAt: Instant | null;
  /** Whether it stood just before its end, and shortly after; null = nobody looked. */
  stoodBefore: boolean | null;
  stoodAfter: boolean | null;
};

export type Keeping = {
  readonly timeline: Timeline;
  readonly database: SharedDatabase;
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  /** Within which whoever lives finds that it is over. */
  readonly sweepMilliseconds: number;
};

/** A sweep may fail once, and who is killed is started again within 20 s. */
const lateness = ({ sweepMilliseconds }: Keeping): number => 2 * sweepMilliseconds + 30 * SECOND;

/** Until when it is ours to keep: a platform that holds goes by its own clock, and may be early by as much. */
const keptUntil = ({ home, expiresAt }: Held, sites: Keeping['sites']): Instant =>
  plus(expiresAt, -Math.max(0, sites[home].skewMilliseconds) - SECOND);

/** Looks at it just before its end and shortly after. */
export function watch(keeping: Keeping, hold: Held): void {
  const { timeline, database, sites } = keeping;
  const stands = async (): Promise<boolean> => {
    const rows = await database.look(
      `select from busy_period where id = $1 and kind = 'hold' and ended_ms is null`,
      [hold.id],
    );
    return rows.length > 0;
  };
  const lookAfter = async (): Promise<void> => {
    const since = plus(instant(database.refusesUntil), lateness(keeping));
    if (since > timeline.now) timeline.at(since, () => void lookAfter());
    else hold.stoodAfter = await stands();
  };
  const end = keptUntil(hold, sites);
  if (end > timeline.now)
    timeline.at(end, async () => {
      const stood = await stands();
      // It may have had to wait for a transaction.
      if (timeline.now < plus(end, SECOND)) hold.stoodBefore = stood;
    });
  timeline.at(plus(hold.expiresAt, lateness(keeping)), () => void lookAfter());
}

/** None is promised for longer or shorter than it was asked for, ends sooner, stays longer, or is given to another. */
export function holds({ held, asks, sites }: Evidence): string[] {
  const promised = held.filter(
    ({ from, since, milliseconds, expiresAt }) =>
      expiresAt < plus(from, milliseconds) || expiresAt > plus(since, milliseconds),
  );
  // One that was accepted while home was down may find its time sold there.
  const isRefused = ({ id, home, since }: Held): boolean =>
    sites[home].log.some(({ at, status, body }) => status === 409 && at > since && body.includes(id));
  const ended = held.filter(
    (hold) =>
      hold.stoodBefore === false &&
      !isRefused(hold) &&
      (hold.endedByCallerAt === null || hold.endedByCallerAt > keptUntil(hold, sites)),
  );
  const stayed = held.filter(({ stoodAfter }) => stoodAfter === true);
  const claims = asks.filter((ask) => {
    const { scheduleId, interval, from, until } = ask;
    const running = held.filter(
      (hold) =>
        hold.scheduleId === scheduleId &&
        overlaps(hold.interval, interval) &&
        hold.since < from &&
        until < keptUntil(hold, sites) &&
        (hold.endedByCallerAt === null || until < hold.endedByCallerAt),
    );
    return (
      isGiven(ask) &&
      running.length > 0 &&
      mostAtOnce(
        interval,
        running.map((hold) => hold.interval),
      ) >= lanesOfSchedule(scheduleId)
    );
  });
  const told = (what: string) => (each: Pick<Held, 'scheduleId' | 'interval'>) =>
    `${what}: ${when(each.scheduleId, each.interval)}`;
  return [
    ...promised.map(told('a hold is promised for another time than it was asked for')),
    ...ended.map(told('a hold ended before its time')),
    ...stayed.map(told('a hold stayed after its end')),
    ...claims.map(told('given to somebody else under a hold')),
  ];
}
