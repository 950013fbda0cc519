import { midnight, toLocal } from '../adapter/zone.ts';
import { coverageOf } from '../domain/coverage.ts';
import type { Directory } from '../domain/directory.ts';
import { type Instant, instant } from '../domain/instant.ts';
import { type Interval, intersection } from '../domain/interval.ts';
import type { Calendar } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import type { RosterReader, RosterReport, Rosters } from './ports/rosters.ts';
import { publishedWith, schedulesOf } from './supply.ts';

/** What rosters publish beside what is on offer and what is booked, for whoever has to look at it. */

export type RosterSources = {
  readonly directory: Directory;
  readonly platforms: Context['platforms'];
  readonly reader: RosterReader;
};

export const createRosters = (sources: RosterSources): Rosters => ({
  async report({ scheduleId, window, limit }) {
    const reports: RosterReport[] = [];
    for (const linked of linkedSchedules(sources.directory)) {
      const scheduleIds = tellsOf(sources.directory, linked);
      if (reports.length >= limit) break;
      if (scheduleId !== null && !scheduleIds.includes(scheduleId)) continue;
      reports.push(await reportOf(sources, linked, scheduleIds, window));
    }
    return reports;
  },
});

/** Those that a roster is linked to, in the order of the configuration. */
const linkedSchedules = ({ entries }: Directory): string[] => [
  ...new Set(
    entries.calendars.filter(({ topology }) => topology === 'shifts').map(({ scheduleId }) => scheduleId),
  ),
];

const tellsOf = (directory: Directory, linked: string): string[] => [
  ...new Set(directory.rostersOf(linked).flatMap((calendar) => schedulesOf(directory, calendar))),
];

async function reportOf(
  sources: RosterSources,
  linked: string,
  scheduleIds: readonly string[],
  window: Interval,
): Promise<RosterReport> {
  const { directory, reader } = sources;
  const calendars: readonly Calendar[] = directory.rostersOf(linked);
  const [shifts, published, unsupplied, offered, booked] = await Promise.all([
    reader.shiftsOn(calendars, window),
    reader.publishedOn(publishedWith(sources, calendars)),
    reader.unsuppliedTime(scheduleIds),
    reader.slotsOffered(scheduleIds, window),
    reader.timeBooked(scheduleIds, window),
  ]);
  const days = daysOf(window, directory.zoneOf(linked));
  const publications = shifts.flatMap(({ publishedAt }) => publishedAt ?? []);
  return {
    ...coverageOf({ window, shifts, published, unsupplied, offered, booked, days }),
    scheduleId: linked,
    scheduleIds,
    connectionIds: [...new Set(calendars.map(({ connectionId }) => connectionId))],
    published,
    publishedAt: publications.length === 0 ? null : instant(Math.max(...publications)),
    shifts: shifts.length,
  };
}

/** The local days of the window, each as far as it lies in it. */
function daysOf(window: Interval, zone: string): { day: string; interval: Interval }[] {
  const days: { day: string; interval: Interval }[] = [];
  for (let start: Instant = midnight(window.start, zone, 0); start < window.end; ) {
    const end = midnight(start, zone, 1);
    const part = intersection(window, { start, end });
    if (part) days.push({ day: toLocal(start, zone).slice(0, 10), interval: part });
    start = end;
  }
  return days;
}
