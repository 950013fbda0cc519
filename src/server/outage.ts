import express, { type Router } from 'express';
import { stretchesOf } from '../contingency/days.ts';
import { type Outage, outageReport } from '../contingency/outage.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { formatInstant, type Instant, later } from '../domain/instant.ts';
import type { ContingencyReader } from '../engine/ports/contingency.ts';
import type { Operations } from '../engine/ports/front.ts';
import * as routes from './contract/outage.ts';
import type { Shown } from './contract/route.ts';
import { mount } from './mount.ts';

/** What is down, what waits for it, and what still works. Nothing here names a patient. */

export type OutageDependencies = {
  readonly directory: Directory;
  readonly operations: Pick<Operations, 'summaries' | 'freshness' | 'releasedUntil'>;
  readonly contingency: Pick<ContingencyReader, 'queuedListings' | 'waitingBookings' | 'freeCounts'>;
  readonly clock: Pick<Clock, 'now'>;
};

/** Of all connections together. */
const WAITING_MAX = 500;

export function outageApi({ directory, operations, contingency, clock }: OutageDependencies): Router {
  const router = express.Router();
  mount(router, routes.readOutage, async ({ reply }) => {
    const now = clock.now();
    const scheduleIds = directory.entries.schedules.map(({ id }) => id);
    const ahead = stretchesOf(directory, now).map(({ scheduleId, window, middle }) => ({
      ...{ scheduleId, middle, releasedUntil: operations.releasedUntil(scheduleId) },
      window: { start: later(now, window.start), end: window.end },
    }));
    const [summaries, queued, waiting, free] = await Promise.all([
      operations.summaries(),
      contingency.queuedListings(scheduleIds),
      contingency.waitingBookings(scheduleIds, WAITING_MAX),
      contingency.freeCounts(ahead),
    ]);
    const { freshness } = operations;
    const report = outageReport({ directory, summaries, queued, waiting, free, freshness, now });
    return reply(200, {
      at: formatInstant(now),
      down: report.down.map(outageJson),
      working: report.working.map(({ connectionId, title, free: slots }) => ({
        ...{ connection: connectionId, title, free: slots },
      })),
    });
  });
  return router;
}

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

const outageJson = (outage: Outage): Shown<typeof routes.Outage> => ({
  connection: outage.connectionId,
  title: outage.title,
  state: outage.state,
  since: text(outage.since),
  lastSuccessAt: text(outage.lastSuccessAt),
  confirmedAt: text(outage.confirmedAt),
  nextAttemptAt: text(outage.nextAttemptAt),
  error: outage.error,
  queued: { ...outage.queued, oldestSince: text(outage.queued.oldestSince) },
  waiting: {
    count: outage.waiting.count,
    bookings: outage.waiting.bookings.map(({ appointmentId, scheduleId, interval, since }) => ({
      ...{ appointment: appointmentId, schedule: scheduleId },
      start: formatInstant(interval.start),
      end: formatInstant(interval.end),
      since: formatInstant(since),
    })),
  },
  schedules: outage.schedules.map(({ scheduleId, practitioner, locationId, failover, stillAt }) => ({
    ...{ id: scheduleId, practitioner, location: locationId, failover, stillAt: [...stillAt] },
  })),
});
