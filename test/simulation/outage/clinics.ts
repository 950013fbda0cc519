import { Temporal } from 'temporal-polyfill';
import { SIMULATED_ZONE } from '../../../src/adapter/simulator/agenda.ts';
import { seededRandom } from '../../../src/adapter/simulator/random.ts';
import { fromLocal } from '../../../src/adapter/zone.ts';
import { DEFAULT_LIMIT } from '../../../src/domain/absence.ts';
import { Directory } from '../../../src/domain/directory.ts';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { interval } from '../../../src/domain/interval.ts';
import { DEFAULT_POLICY } from '../../../src/domain/schedule.ts';
import { ADAPTERS, CONNECTIONS, RVSQ, VENDOR } from '../clinic.ts';
import type { Site } from '../site.ts';
import type { Timetable } from './timetable.ts';

/**
 * Many clinics of one doctor each, every one of them listed at the vendor and on RVSQ, kept by one installation: all
 * their backlog goes through one access to the vendor, and so through one limit of requests.
 */

/** How far ahead patients book, and how far ahead Passerelle reads. */
export const AHEAD_MILLISECONDS = 4 * DAY;

/** It tells nothing by itself. */
const RVSQ_POLL_MILLISECONDS = 10 * MINUTE;

/** Each clinic has one hour a day on both platforms, and not all the same one. */
const HOURS = ['09:00', '10:00', '11:00', '13:00', '14:00', '15:00'];

export const actorsOf = (clinics: number): readonly string[] =>
  Array.from({ length: clinics }, (_, index) => `dr-${String(index + 1).padStart(4, '0')}`);

/** @param vendorPollMilliseconds the vendor tells by webhook; a reading finds what got lost. */
export function directoryOf(actors: readonly string[], vendorPollMilliseconds: number): Directory {
  const pollMilliseconds = { [VENDOR]: vendorPollMilliseconds, [RVSQ]: RVSQ_POLL_MILLISECONDS };
  const scheduleOf = (actor: string): string => `${actor}-clinique`;
  return new Directory({
    organizations: [{ id: 'reseau-fictif', name: 'Réseau fictif' }],
    practitioners: actors.map((id) => ({ id, family: id, given: 'Essai', prefix: 'Dr', identifiers: [] })),
    locations: actors.map((actor) => ({
      id: `clinique-${actor}`,
      name: `Clinique de ${actor}`,
      organizationId: 'reseau-fictif',
      timeZone: SIMULATED_ZONE,
      address: null,
      phone: null,
      position: null,
    })),
    services: [{ id: 'sans-rendez-vous', name: { fr: 'Sans rendez-vous', en: 'Walk-in' } }],
    schedules: actors.map((actor) => ({
      id: scheduleOf(actor),
      practitionerId: actor,
      locationId: `clinique-${actor}`,
      serviceId: 'sans-rendez-vous',
      capacity: 1,
      policy: DEFAULT_POLICY,
    })),
    connections: CONNECTIONS.map((id) => ({
      id,
      platform: id,
      title: ADAPTERS[id].adapter.manifest.title,
      pollMilliseconds: pollMilliseconds[id],
      freshnessMilliseconds: 2 * pollMilliseconds[id],
      horizonMilliseconds: AHEAD_MILLISECONDS,
      isEditedHere: false,
      asksPeople: false,
      isListed: false,
      suspect: DEFAULT_LIMIT,
    })),
    calendars: CONNECTIONS.flatMap((connectionId) =>
      actors.map((actor) => ({
        connectionId,
        externalId: ADAPTERS[connectionId].calendarOf(actor),
        scheduleId: scheduleOf(actor),
        topology: 'block' as const,
      })),
    ),
  });
}

/** Draws up the agendas for the whole time beforehand, so that no slot comes as news: weekdays only. */
export function fillAgendas(
  { agenda, platform }: Site,
  actors: readonly string[],
  { from, until }: Timetable,
): void {
  const random = seededRandom(`offers of ${platform.id}`);
  const step = platform.slotMinutes * MINUTE;
  const first = dateOf(from);
  const last = dateOf(plus(until, AHEAD_MILLISECONDS));
  for (const [index, actor] of actors.entries()) {
    const calendar = platform.calendarOf(actor);
    for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
      if (day.dayOfWeek > 5) continue;
      const begins = fromLocal(`${day.toString()}T${HOURS[index % HOURS.length]}`, SIMULATED_ZONE);
      for (let start = begins; start < begins + HOUR; start = plus(start, step))
        agenda.offer(calendar, interval(start, plus(start, step)), platform.offer(random, from), null);
    }
    agenda.putCalendar({ id: calendar, actor, through: last.toString() });
  }
  agenda.forget();
}

export const localOf = (at: Instant): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(SIMULATED_ZONE);

const dateOf = (at: Instant): Temporal.PlainDate => localOf(at).toPlainDate();
