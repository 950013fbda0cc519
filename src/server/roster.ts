import express, { type Router } from 'express';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { DAY, formatInstant, type Instant, plus } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { RosterReport, Rosters } from '../engine/ports/rosters.ts';
import { Refused } from '../fhir/outcomes.ts';
import * as routes from './contract/roster.ts';
import type { Shown } from './contract/route.ts';
import { mount } from './mount.ts';

/** What rosters publish beside what is on offer and booked. Nothing here names a patient. */

export type RosterDependencies = {
  readonly directory: Directory;
  readonly rosters: Rosters;
  readonly clock: Pick<Clock, 'now'>;
};

/** Of one answer, and of each list in it. */
const ROSTERS_MAX = 500;
const LISTED_MAX = 500;

export function rosterApi({ directory, rosters, clock }: RosterDependencies): Router {
  const router = express.Router();

  mount(router, routes.readRoster, async ({ query, reply }) => {
    const { days, schedule } = query();
    const now = clock.now();
    const window = { start: now, end: plus(now, days * DAY) };
    const scheduleId = scheduleOf(schedule, directory);
    const found = await rosters.report({ scheduleId, window, limit: ROSTERS_MAX + 1 });
    const body = {
      at: formatInstant(now),
      ...times(window),
      /** Of all that are listed: the share of published time that patients are, or were, offered. */
      total: {
        shiftMinutes: minutesOf(found.slice(0, ROSTERS_MAX), 'shiftMinutes'),
        coveredMinutes: minutesOf(found.slice(0, ROSTERS_MAX), 'coveredMinutes'),
      },
      rosters: found.slice(0, ROSTERS_MAX).map((each) => reportJson(each, directory)),
      complete: found.length <= ROSTERS_MAX,
    };
    return reply(200, body);
  });

  return router;
}

/** @throws Refused */
function scheduleOf(given: string | undefined, directory: Directory): string | null {
  if (given === undefined) return null;
  if (directory.hasSchedule(given)) return given;
  throw new Refused('invalid-parameter', {
    diagnostics: { fr: 'schedule : l’id d’un horaire, une fois', en: 'schedule: the id of a schedule, once' },
    expression: 'http.schedule',
  });
}

function reportJson(report: RosterReport, directory: Directory): Shown<typeof routes.Roster> {
  const { scheduleId, scheduleIds, connectionIds, published, publishedAt, shifts, days } = report;
  const { practitionerId, locationId } = directory.schedule(scheduleId);
  return {
    schedule: scheduleId,
    /** All whose time the roster tells. */
    schedules: scheduleIds,
    practitioner: practitionerId,
    location: locationId,
    timeZone: directory.zoneOf(scheduleId),
    connections: connectionIds,
    published: published && times(published),
    publishedAt: text(publishedAt),
    shifts,
    shiftMinutes: minutesOf([report], 'shiftMinutes'),
    /** On offer or booked. */
    coveredMinutes: minutesOf([report], 'coveredMinutes'),
    days: days.filter(({ shiftMinutes }) => shiftMinutes > 0),
    gaps: listed(report.gaps, times),
    phantoms: listed(report.phantoms, ({ slotId, cause, interval }) => ({
      slot: slotId,
      cause,
      ...times(interval),
    })),
    bookedOutside: listed(report.bookedOutside, ({ busyId, cause, interval }) => ({
      appointment: busyId,
      cause,
      ...times(interval),
    })),
  };
}

const minutesOf = (reports: readonly RosterReport[], of: 'shiftMinutes' | 'coveredMinutes'): number =>
  reports.flatMap(({ days }) => days).reduce((total, day) => total + day[of], 0);

/** `count` of all of them. */
const listed = <Item, Shown>(items: readonly Item[], show: (item: Item) => Shown) => ({
  count: items.length,
  items: items.slice(0, LISTED_MAX).map(show),
});

const times = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) });

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
