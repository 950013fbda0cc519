import express, { type Router } from 'express';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { formatInstant, HOUR, instant, MINUTE } from '../domain/instant.ts';
import type { ConnectionHistory, HistoryPoint } from '../engine/ports/connection-history.ts';
import type { Operations } from '../engine/ports/front.ts';
import { listingJson } from './agenda-json.ts';
import type { Audit } from './auditing.ts';
import * as routes from './contract/connection-details.ts';
import { connectionIn } from './ids.ts';
import { mount } from './mount.ts';
import { whoseTime } from './whose-time.ts';

/** One connection looked at closely, and stopped or let go on by a person. Nothing here names a patient. */

export type ConnectionsDependencies = {
  readonly directory: Directory;
  readonly operations: Pick<Operations, 'summaries' | 'pause' | 'resume'>;
  readonly history: ConnectionHistory;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Audit;
};

const POINTS_MAX = 300;
const LISTINGS_MAX = 200;

export function connectionsApi(dependencies: ConnectionsDependencies): Router {
  const { directory, operations, history, clock, audit } = dependencies;
  const router = express.Router();

  mount(router, routes.readHistory, async ({ params, query, reply }) => {
    const connectionId = connectionIn(directory, params.id);
    const milliseconds = query().hours * HOUR;
    const stepMilliseconds = Math.ceil(milliseconds / MINUTE / POINTS_MAX) * MINUTE;
    // Points stand on multiples of their step, so that they are the same the next time.
    const end = Math.ceil(clock.now() / stepMilliseconds) * stepMilliseconds;
    const window = {
      start: instant(end - Math.ceil(milliseconds / stepMilliseconds) * stepMilliseconds),
      end: instant(end),
    };
    const points = await history.points({ connectionId, window, stepMilliseconds });
    return reply(200, {
      connection: connectionId,
      from: formatInstant(window.start),
      before: formatInstant(window.end),
      stepSeconds: stepMilliseconds / 1000,
      points: points.map(pointJson),
    });
  });

  mount(router, routes.listListings, async ({ params, query, reply }) => {
    const connectionId = connectionIn(directory, params.id);
    query();
    const found = await history.differing({ connectionId, scheduleIds: null, limit: LISTINGS_MAX + 1 });
    const listings = found.slice(0, LISTINGS_MAX).map((each) => ({
      ...listingJson(each),
      start: formatInstant(each.interval.start),
      end: formatInstant(each.interval.end),
      practitioner: whoseTime(directory, each.scheduleId)?.practitioner ?? null,
      timeZone: directory.hasSchedule(each.scheduleId) ? directory.zoneOf(each.scheduleId) : null,
    }));
    return reply(200, { listings, complete: found.length <= LISTINGS_MAX });
  });

  const pausedJson = async (connection: string) => {
    const at = (await operations.summaries()).find(({ id }) => id === connection)?.pausedAt ?? null;
    return { connection, pausedAt: at === null ? null : formatInstant(at) };
  };

  mount(router, routes.pause, async ({ request, params, reply }) => {
    const id = connectionIn(directory, params.id);
    await audit(request, { type: 'connection.paused', action: 'E', entities: [`Connection/${id}`] });
    await operations.pause(id);
    return reply(200, await pausedJson(id));
  });

  mount(router, routes.resume, async ({ request, params, reply }) => {
    const id = connectionIn(directory, params.id);
    await audit(request, { type: 'connection.resumed', action: 'E', entities: [`Connection/${id}`] });
    await operations.resume(id);
    return reply(200, await pausedJson(id));
  });

  return router;
}

const pointJson = (point: HistoryPoint) => ({
  at: formatInstant(point.at),
  delivered: point.delivered,
  lagMillisecondsMedian: point.lagMillisecondsMedian,
  lagMillisecondsMax: point.lagMillisecondsMax,
  ageMilliseconds: point.ageMilliseconds,
  differing: point.differing,
  failures: point.failures,
  circuitOpen: point.isOpen,
  paused: point.isPaused,
});
