import { type Connect, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp } from '../../src/adapter/http.ts';
import { createZones } from '../../src/adapter/icalendar/zones.ts';
import { collectionPath, pathOn } from './address.ts';
import type { Desk } from './desk.ts';
import { calendarsOn } from './home.ts';
import { type CaldavSettings, manifest } from './manifest.ts';
import { ask } from './multistatus.ts';
import { createOperations, readBack } from './operations.ts';
import { type Calendar, readCalendar } from './read.ts';
import type { Server } from './resource.ts';

/** CalDAV: a calendar server as the clinic's home agenda. See README.md for what it can't do. */
export default defineAdapter({ manifest, connect });

function connect(options: Connect<CaldavSettings>): Platform {
  const { settings, limits, pace, targets, environment, zoneOf, transport } = options;
  const { origin } = new URL(settings.serverUrl);
  const http = createHttp({
    baseUrl: origin,
    headers: { authorization: authorizationOf(settings) },
    limits,
    pace,
    targets,
    clock: environment.clock,
    transport,
  });
  const server: Server = { http, url: settings.serverUrl };
  const calendarOf = (id: string): Calendar => {
    const own = settings.calendars[id];
    return {
      id,
      collection: collectionPath(id, settings.serverUrl),
      zone: zoneOf(id),
      zones: createZones(zoneOf(id)),
      events: own?.events ?? settings.events,
      owner: own?.owner ?? null,
      supply: own?.availability ?? null,
    };
  };
  const { clock } = environment;
  const desk: Desk = { server, calendarOf, clock, patientInEvents: settings.patientInEvents };
  return {
    read: (request) => {
      const [id, ...more] = request.calendars;
      // capabilities.feed: each calendar is read by itself.
      if (id === undefined || more.length > 0) throw new RangeError('one calendar at a time');
      return readCalendar(server, calendarOf(id), request, clock.now());
    },
    operations: createOperations(desk),
    readBack: (calendar, mark) => readBack(desk, calendar, mark),
    calendars: (signal) => calendarsOn(server, signal),
    check: (signal) => check(server, Object.keys(settings.calendars)[0] ?? settings.serverUrl, signal),
    close: async () => http.close(),
  };
}

/** PROPFIND of the first calendar, or of the server when none is configured. @throws Fault */
async function check(server: Server, address: string, signal: AbortSignal): Promise<void> {
  const path = pathOn(server.url, address);
  if (path === null) throw new Fault('malformed', 'the calendar is not on the server of this connection');
  const body = {
    'd:propfind': { _attributes: { 'xmlns:d': 'DAV:' }, 'd:prop': { 'd:resourcetype': {} } },
  };
  const report = await ask(server.http, { method: 'PROPFIND', path, depth: '0', body, signal });
  const status = report.kind === 'refused' ? report.status : (report.answers[0]?.status ?? 404);
  if (status !== 207) throw new Fault('malformed', `PROPFIND ${path}: HTTP ${status}`);
}

function authorizationOf({ username, password, token }: CaldavSettings): string {
  if (token !== undefined) return `Bearer ${token}`;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
