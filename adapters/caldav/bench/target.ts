import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { codeMaps } from '../../../src/adapter/concept-map.ts';
import { freeSlots } from '../../../src/conformance/free-slots.ts';
import { type Plan, periodsOf, slotsOf } from '../../../src/conformance/icalendar.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../../src/conformance/target.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import adapter from '../adapter.ts';
import { contentsIn } from './contents.ts';
import { type CaldavServer, type CaldavServerKind, PASSWORD, USERNAME } from './server.ts';
import { ics, timed } from './texts.ts';

/** A real server for the shared suite: looked at and acted on by a second client of plain HTTP. */

/** Farther ahead than the suite reads, so that midnight in the middle of a run adds no slot to what it sees. */
const PLAN: Plan = { slotMinutes: 20, from: '09:00', to: '12:00', days: 90 };
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR'];

export function caldavTarget(kind: CaldavServerKind): PlatformTarget {
  const start = sharing(kind.start);
  return {
    adapter,
    name: kind.name,
    stage: 'server',
    open: async ({ zone }) => {
      const server = await start();
      try {
        return await openBench(server, zone);
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
  };
}

/** One server for all who use it at the same time, each with calendars of their own. It stops when the last one has. */
function sharing(start: () => Promise<CaldavServer>): () => Promise<CaldavServer> {
  let running: Promise<CaldavServer> | null = null;
  let users = 0;
  const leave = async (server: CaldavServer) => {
    users -= 1;
    if (users > 0) return;
    running = null;
    await server.stop();
  };
  return async () => {
    users += 1;
    running ??= start();
    try {
      const server = await running;
      return { ...server, stop: () => leave(server) };
    } catch (error) {
      users -= 1;
      if (users === 0) running = null;
      throw error;
    }
  };
}

async function openBench(server: CaldavServer, zone: string): Promise<Bench> {
  const calendar = await server.makeCalendar();
  const put = async (name: string, body: string): Promise<string> => {
    const href = `${calendar}${name}.ics`;
    const headers = { 'content-type': 'text/calendar; charset=utf-8', 'if-none-match': '*' };
    const { status } = await server.raw('PUT', href, { headers, body });
    if (status !== 201 && status !== 204) throw new Error(`PUT ${href}: HTTP ${status}`);
    return href;
  };
  for (const [name, body] of Object.entries(agenda(zone))) await put(name, body);

  const raw = async (): Promise<Raw> => {
    const headers = { depth: '1', 'content-type': 'application/xml; charset=utf-8' };
    const { status, text } = await server.raw('REPORT', calendar, { headers, body: EVERY_EVENT });
    if (status !== 207) throw new Error(`REPORT ${calendar}: HTTP ${status}`);
    const periods = contentsIn(text).flatMap((resource) => periodsOf(resource.href, resource.text, zone));
    return { periods, slots: slotsOf(PLAN, calendar, periods, zone) };
  };

  const book = ({ start, end }: Interval): Promise<string> => {
    const id = randomUUID();
    return put(id, timed(id, utc(start), utc(end), 'TRANSP:OPAQUE'));
  };
  const settings = (baseUrl: string, password: string) => ({
    serverUrl: baseUrl,
    ...{ username: USERNAME, password },
    calendars: { [calendar]: { availability: planSettings } },
  });
  return {
    baseUrl: server.url,
    settings: (baseUrl) => settings(baseUrl, PASSWORD),
    expired: (baseUrl) => settings(baseUrl, 'expired'),
    maps: codeMaps([]),
    emptyMaps: null,
    calendar,
    zone,
    raw,
    freeTimes: async () => freeSlots(await raw()),
    patientBooks: ({ interval }) => book(interval),
    staffBooks: book,
    patientCancels: async (href) => {
      const { status } = await server.raw('DELETE', href);
      if (status !== 200 && status !== 204) throw new Error(`DELETE ${href}: HTTP ${status}`);
    },
    tamper: { addMalformed: (body) => withMalformed(body, calendar) },
    pointWebhook: null,
    close: server.stop,
  };
}

const planSettings = {
  kind: 'plan',
  slotMinutes: PLAN.slotMinutes,
  horizonDays: PLAN.days,
  hours: [{ weekdays: WEEKDAYS, from: PLAN.from, to: PLAN.to }],
};

const EVERY_EVENT = `<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter>
</c:calendar-query>`;

/** What a clinic's calendar holds before the suite begins, so that it has more than its own writes to read. */
function agenda(zone: string): Readonly<Record<string, string>> {
  const today = Temporal.Now.plainDateISO(zone);
  const day = (days: number) => today.add({ days }).toString().replaceAll('-', '');
  const rule = 'RRULE:FREQ=WEEKLY;COUNT=5';
  return {
    single: timed('single', `${day(2)}T151000Z`, `${day(2)}T154500Z`),
    // Since last week, so that the first instances lie before what is read.
    weekly: timed('weekly', `${day(-7)}T101000`, `${day(-7)}T103000`, rule),
    holiday: ics('holiday', `DTSTART;VALUE=DATE:${day(9)}`, `DTEND;VALUE=DATE:${day(10)}`),
    reminder: timed('reminder', `${day(3)}T140000Z`, `${day(3)}T150000Z`, 'TRANSP:TRANSPARENT'),
    'called-off': timed('called-off', `${day(3)}T140000Z`, `${day(3)}T150000Z`, 'STATUS:CANCELLED'),
  };
}

const utc = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** Every way not to be an event: no iCalendar, no date, no rule, and a content that the server withholds. */
const MALFORMED = [
  `TREMBLAY;${SECRET}`,
  ics('malformed', `SUMMARY:${SECRET}`, `DTSTART:${SECRET}`),
  timed('malformed', '20261124T140000Z', '20261124T143000Z', `SUMMARY:${SECRET}`, `RRULE:FREQ=${SECRET}`),
  '',
];

/** In the list and in the content alike: the adapter asks for what the list names. */
function withMalformed(body: string, calendar: string): string {
  const responses = MALFORMED.map(
    (text, index) =>
      `<s:response xmlns:s="DAV:" xmlns:t="urn:ietf:params:xml:ns:caldav"><s:href>${calendar}malformed-${index}.ics</s:href>` +
      `<s:propstat><s:prop><s:getetag>"${index}"</s:getetag><s:resourcetype/><t:calendar-data>${text}</t:calendar-data>` +
      '</s:prop><s:status>HTTP/1.1 200 OK</s:status></s:propstat></s:response>',
  );
  return body.replace(/<\/[^>]*multistatus>\s*$/, (end) => responses.join('') + end);
}
