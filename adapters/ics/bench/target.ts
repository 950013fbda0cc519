import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { codeMaps } from '../../../src/adapter/concept-map.ts';
import { freeSlots } from '../../../src/conformance/free-slots.ts';
import { type Plan, periodsOf, slotsOf } from '../../../src/conformance/icalendar.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../../src/conformance/target.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import adapter from '../adapter.ts';
import { PASSWORD, startFeedServer, USERNAME } from './server.ts';

/** A web server with a feed, for the shared suite: its hands rewrite the file, and read it by another library. */

export const CALENDAR = 'dre-exemple';

/** Farther ahead than the suite reads, so that midnight in the middle of a run adds no slot to what it sees. */
const PLAN: Plan = { slotMinutes: 20, from: '09:00', to: '12:00', days: 90 };
const availability = {
  kind: 'plan',
  slotMinutes: PLAN.slotMinutes,
  horizonDays: PLAN.days,
  hours: [{ weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'], from: PLAN.from, to: PLAN.to }],
};

export const feedTarget: PlatformTarget = {
  adapter,
  name: 'web server',
  stage: 'server',
  open: ({ zone }) => openBench(zone),
};

async function openBench(zone: string): Promise<Bench> {
  const server = await startFeedServer();
  const events = new Map(Object.entries(agenda(zone)));
  const publish = () => server.write(feedOf([...events.values()]));
  await publish();

  const raw = async (): Promise<Raw> => {
    const periods = periodsOf(CALENDAR, await server.read(), zone);
    return { periods, slots: slotsOf(PLAN, CALENDAR, periods, zone) };
  };
  const book = async ({ start, end }: Interval): Promise<string> => {
    const id = `${randomUUID()}@example.invalid`;
    events.set(id, event(id, `DTSTART:${utc(start)}`, `DTEND:${utc(end)}`, 'TRANSP:OPAQUE'));
    await publish();
    return id;
  };
  const settings = (baseUrl: string, password: string) => ({
    calendars: { [CALENDAR]: { url: baseUrl + server.path, username: USERNAME, password, availability } },
  });
  return {
    baseUrl: server.url,
    settings: (baseUrl) => settings(baseUrl, PASSWORD),
    expired: (baseUrl) => settings(baseUrl, 'expired'),
    maps: codeMaps([]),
    emptyMaps: null,
    calendar: CALENDAR,
    zone,
    raw,
    freeTimes: async () => freeSlots(await raw()),
    patientBooks: ({ interval }) => book(interval),
    staffBooks: book,
    patientCancels: async (id) => {
      if (!events.delete(id)) throw new Error(`no event ${id}`);
      await publish();
    },
    tamper: { addMalformed: (body) => body.replace(/END:VCALENDAR\s*$/, (end) => MALFORMED + end) },
    pointWebhook: null,
    close: server.stop,
  };
}

const event = (uid: string, ...lines: string[]): string =>
  [
    ...['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20261101T000000Z', 'SUMMARY:Rendez-vous fictif'],
    ...[...lines, 'END:VEVENT', ''],
  ].join('\r\n');

const feedOf = (events: readonly string[]): string =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//bench//EN\r\n${events.join('')}END:VCALENDAR\r\n`;

/** What is there before the suite begins. */
function agenda(zone: string): Readonly<Record<string, string>> {
  const today = Temporal.Now.plainDateISO(zone);
  const day = (days: number) => today.add({ days }).toString().replaceAll('-', '');
  const timed = (uid: string, start: string, end: string, ...lines: string[]) =>
    event(uid, `DTSTART:${start}`, `DTEND:${end}`, ...lines);
  return {
    single: timed('single', `${day(2)}T151000Z`, `${day(2)}T154500Z`),
    // Since last week, so that the first instances lie before what is read.
    weekly: timed('weekly', `${day(-7)}T101000`, `${day(-7)}T103000`, 'RRULE:FREQ=WEEKLY;COUNT=5'),
    holiday: event('holiday', `DTSTART;VALUE=DATE:${day(9)}`, `DTEND;VALUE=DATE:${day(10)}`),
    reminder: timed('reminder', `${day(3)}T140000Z`, `${day(3)}T150000Z`, 'TRANSP:TRANSPARENT'),
    'called-off': timed('called-off', `${day(3)}T140000Z`, `${day(3)}T150000Z`, 'STATUS:CANCELLED'),
  };
}

const utc = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** Every way not to be an event: no date, no rule, no zone, no property, no end. */
const MALFORMED = [
  event('malformed-1', `SUMMARY:${SECRET}`, `DTSTART:${SECRET}`),
  event('malformed-2', 'DTSTART:20261124T140000Z', 'DURATION:PT30M', `RRULE:FREQ=${SECRET}`),
  event('malformed-3', `DTSTART;TZID=${SECRET}:20261124T140000`, 'DURATION:PT30M'),
  event('malformed-4', `TREMBLAY ${SECRET}`),
  `BEGIN:VEVENT\r\nSUMMARY:${SECRET}\r\n`,
].join('');
