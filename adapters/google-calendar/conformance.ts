import { z } from 'zod';
import type { Simulator } from '../../src/adapter/simulator/server.ts';
import { toLocal } from '../../src/adapter/zone.ts';
import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { type Bench, type PlatformTarget, SECRET } from '../../src/conformance/target.ts';
import { HOUR, type Instant, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import adapter from './adapter.ts';
import { eventIdIn, externalIdOf } from './normalize.ts';
import { CLIENT } from './simulator/account.ts';
import { googleCalendar, type Offer, SLOT_MINUTES } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';

/** What the suite is run on. */

/** Farther ahead than the suite reads, so that midnight in the middle of a run adds no slot to what it sees. */
const DAYS = 90;
const CALENDAR = googleCalendar().calendarOf('dr-tremblay');
const Page = z.looseObject({ kind: z.literal('calendar#events'), items: z.array(z.unknown()) });

const settings = (baseUrl: string, refreshToken: string) => ({
  baseUrl: `${baseUrl}/calendar/v3`,
  ...CLIENT,
  refreshToken,
  calendars: { [CALENDAR]: { availability: plan } },
});

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR'];
const plan = {
  kind: 'plan',
  slotMinutes: SLOT_MINUTES,
  horizonDays: DAYS,
  hours: [
    { weekdays, from: '09:00', to: '12:00' },
    { weekdays, from: '13:00', to: '16:00' },
  ],
};

export const simulator: SimulatorTarget = {
  adapter,
  start: async (options) => withLunches(await startSimulator({ ...options, days: DAYS })),
  settings: (baseUrl) => settings(baseUrl, CLIENT.refreshToken),
  expired: (baseUrl) => settings(baseUrl, 'expired'),
  addMalformed: (body) => {
    const page = Page.safeParse(JSON.parse(body));
    if (!page.success) return body;
    const malformed = {
      id: 'x',
      etag: '"1"',
      summary: SECRET,
      start: { dateTime: SECRET },
      end: { date: SECRET },
    };
    return JSON.stringify({ ...page.data, items: [malformed, 12, null, ...page.data.items] });
  },
  webhookSecret: null,
};

/** So that there is more to read than the suite's own writes: closed time and bookings of some next days. */
function withLunches(started: Simulator<Offer>): Simulator<Offer> {
  const { agenda } = started;
  for (const { id: calendar } of agenda.calendars) {
    const mornings = agenda.slots(calendar).filter(({ interval: { end } }) => isNoon(end, agenda.zone));
    for (const [index, { interval: last }] of mornings.slice(1, 6).entries()) {
      const time = interval(last.end, plus(last.end, HOUR));
      if (index % 2 === 0) agenda.block(calendar, time, null);
      else agenda.take({ calendar, interval: time, slotId: null, reference: null, expiresAt: null });
    }
  }
  return started;
}

const isNoon = (at: Instant, zone: string): boolean => toLocal(at, zone).endsWith('T12:00:00');

/** As at Google: tokens come from another host than events, and ids of events are of their calendar alone. */
export const googleTarget = (from: SimulatorTarget): PlatformTarget => {
  const target = simulatorTarget(from);
  return { ...target, open: async (options) => asAtGoogle(await target.open(options)) };
};

function asAtGoogle(bench: Bench): Bench {
  const { raw, patientBooks, patientCancels, staffBooks, expired } = bench;
  const named = (id: string) => externalIdOf(bench.calendar, id);
  const tokenUrl = `${bench.baseUrl}/token`;
  return {
    ...bench,
    settings: (baseUrl) => ({ ...bench.settings(baseUrl), tokenUrl }),
    expired: expired && ((baseUrl) => ({ ...expired(baseUrl), tokenUrl })),
    raw:
      raw &&
      (async () => {
        const { slots, periods } = await raw();
        return { slots, periods: periods.map((each) => ({ ...each, id: named(each.id) })) };
      }),
    patientBooks:
      patientBooks &&
      (async (time) => {
        const id = await patientBooks(time);
        return id && named(id);
      }),
    patientCancels: patientCancels && ((id) => patientCancels(eventIdIn(id))),
    staffBooks: staffBooks && (async (time) => named(await staffBooks(time))),
  };
}

export default [googleTarget(simulator)];
