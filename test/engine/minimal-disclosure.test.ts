import { readFile, rm } from 'node:fs/promises';
import { expect } from 'chai';
import type { Appointment, Bundle, Slot } from 'fhir/r4.js';
import pino from 'pino';
import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import caldav from '../../adapters/caldav/adapter.ts';
import { type CaldavServer, PASSWORD, USERNAME } from '../../adapters/caldav/bench/server.ts';
import { CALDAV_SERVERS } from '../../adapters/caldav/bench/servers.ts';
import rvsqAdapter from '../../adapters/rvsq/adapter.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { MAIL_DEFAULTS } from '../../src/config/mail.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { type FaultProxy, passTo, startProxy } from '../../src/conformance/proxy.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { timed } from '../support/caldav-client.ts';
import {
  CONNECTION,
  clinicEntries,
  rvsqConnection,
  scheduleOf,
  WEBHOOK_SECRET,
} from '../support/clinic-configuration.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { fakeNam } from '../support/fake-patients.ts';
import { listenForPatients } from '../support/leaks.ts';
import { LOOPBACK } from '../support/loopback.ts';
import { requireServer, until } from '../support/servers.ts';
import { ACTORS, SimulatedSite } from '../support/simulated-site.ts';

/**
 * A day of a doctor on three platforms, each of which honours bookings of its own: none of them is told anything of a patient
 * whose booking is another's. What each received is read from a proxy before it, from its own log, and from what it stores.
 */

const [ACTOR] = ACTORS;
const PLATFORMS = ['bonjour-sante', 'rvsq', 'agenda'] as const;
type PlatformId = (typeof PLATFORMS)[number];
/** A patient of each platform, all made up, no value of whom is another's. */
const PATIENTS: Readonly<Record<PlatformId, Record<string, string>>> = {
  'bonjour-sante': person('Fictif-Aubertin', 'Zacharie', '514-555-0111', '1961-02-03'),
  rvsq: person('Fictive-Bellemare', 'Ysabeau', '514-555-0122', '1972-04-05'),
  agenda: person('Fictif-Cardinal', 'Xavérine', '514-555-0133', '1983-06-07'),
};
/** Who stands in an event that another client of the calendar wrote. */
const FOREIGN = person('Fictive-Desrosiers', 'Wilhelmine', '514-555-0144', '1994-08-09');

function person(family: string, given: string, phone: string, birthDate: string) {
  const email = `${family.toLowerCase()}@example.invalid`;
  return {
    family,
    given,
    phone,
    birthDate,
    email,
    nam: fakeNam(family.slice(-4).toUpperCase(), birthDate),
  };
}

const valuesIn = (text: string, patient: Record<string, string>): string[] =>
  Object.values(patient).filter((value) => text.includes(value) || text.includes(encodeURIComponent(value)));

const RADICALE = CALDAV_SERVERS[0];

describe('a day of a doctor on three platforms', function () {
  this.timeout(180_000);
  const listener = listenForPatients('the gateway');
  let server: CaldavServer;
  let calendar: string;
  let simulators: {
    vendor: Awaited<ReturnType<typeof startVendor>>;
    rvsq: Awaited<ReturnType<typeof startRvsq>>;
  };
  let proxies: Readonly<Record<PlatformId, FaultProxy>>;
  let folder: string;
  let gateway: Gateway;

  before(async function () {
    const kind = RADICALE;
    if (!kind) throw new Error('no calendar server is known');
    await requireServer(kind.name, kind.isPresent()).call(this);
    server = await kind.start();
    calendar = await server.makeCalendar();
    const options = { seed: 7, actors: [ACTOR], days: 14 };
    simulators = { vendor: await startVendor(options), rvsq: await startRvsq(options) };
    proxies = {
      'bonjour-sante': await startProxy(passTo(simulators.vendor.url)),
      rvsq: await startProxy(passTo(simulators.rvsq.url)),
      agenda: await startProxy(passTo(server.url)),
    };
    folder = await makeDataFolder({ embedded: true });
    gateway = await startGateway({
      environment: {
        ...{ port: 0, host: '127.0.0.1', dataFolder: folder, configurationFile: null, databaseUrl: null },
        ...{ redisUrl: null, key: null, publicUrl: null, previousKeys: [], logLevel: 'trace' },
      },
      role: 'both',
      configuration: configuration(),
      onEvent: () => undefined,
      logger: pino({ level: 'trace' }, { write: listener.hear }),
    });
    await until('all were read', async () => (await fetch(`${gateway.url}/readyz`)).status === 200);
  });
  after(async () => {
    await gateway?.close();
    for (const each of Object.values(proxies ?? {})) await each.close();
    await simulators?.vendor.close();
    await simulators?.rvsq.close();
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
    listener.expectNobody();
  });

  function configuration(): Configuration {
    const hours = [{ weekdays: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], from: '07:00', to: '20:00' }];
    const availability = { kind: 'plan', slotMinutes: 20, horizonDays: 5, hours };
    const settings = {
      ...{ serverUrl: proxies.agenda.url, username: USERNAME, password: PASSWORD, patientInEvents: true },
      calendars: { [calendar]: { availability } },
    };
    const connection = { ...CONNECTION, pollMilliseconds: 400 };
    const titled = { 'bonjour-sante': bonjourSante, rvsq: rvsqAdapter, agenda: caldav };
    const calendars = { 'bonjour-sante': `ag-${ACTOR}`, rvsq: `pro-${ACTOR}`, agenda: calendar };
    return {
      directory: {
        ...clinicEntries(),
        connections: PLATFORMS.map((id) => ({
          ...{ ...connection, id, platform: titled[id].manifest.id, title: titled[id].manifest.title },
        })),
        calendars: PLATFORMS.map((id) => ({
          ...{
            connectionId: id,
            externalId: calendars[id],
            scheduleId: scheduleOf(ACTOR),
            topology: 'block' as const,
          },
        })),
      },
      subscriptions: SUBSCRIPTION_DEFAULTS,
      access: ACCESS_DEFAULTS,
      mail: MAIL_DEFAULTS,
      server: SERVER_DEFAULTS,
      patients: { ...PATIENT_DEFAULTS, keepDays: 30 },
      connections: [
        {
          id: 'bonjour-sante',
          adapter: bonjourSante,
          allowedTargets: LOOPBACK,
          settings: {
            baseUrl: proxies['bonjour-sante'].url,
            apiKey: SIMULATOR_KEY,
            webhookSecret: WEBHOOK_SECRET,
          },
        },
        rvsqConnection(proxies.rvsq.url),
        {
          id: 'agenda',
          adapter: caldav,
          allowedTargets: LOOPBACK,
          settings: caldav.manifest.settings.parse(settings),
        },
      ],
    };
  }

  async function ask<T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: T; text: string }> {
    const token = (await readFile(`${folder}/admin-token`, 'utf8')).trim();
    const response = await fetch(new URL(path, `${gateway.url}/fhir/`), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: JSON.parse(text) as T, text };
  }

  /** A slot of later days that is free on this platform. */
  async function freeSlot(id: PlatformId): Promise<Slot> {
    const from = new Date(Date.now() + DAY).toISOString();
    const path = `Slot?schedule=${scheduleOf(ACTOR)}&status=free&start=ge${from}&_count=500`;
    const { json } = await ask<Bundle<Slot>>('GET', path);
    const found = json.entry?.find(({ resource }) => resource?.meta?.source?.endsWith(`/${id}`))?.resource;
    if (!found) throw new Error(`no free slot of ${id}`);
    return found;
  }

  const bookingOf = (slot: Slot, id: PlatformId) => {
    const { family = '', given = '', phone, email, nam, birthDate } = PATIENTS[id];
    const patient = {
      ...{ resourceType: 'Patient', id: 'p', name: [{ family, given: [given] }], birthDate },
      telecom: [
        { system: 'phone', value: phone },
        { system: 'email', value: email },
      ],
      identifier: [{ system: SYSTEM.nam, value: nam }],
    };
    return {
      ...{
        resourceType: 'Appointment',
        status: 'booked',
        contained: [patient],
        start: slot.start,
        end: slot.end,
      },
      slot: [{ reference: `Slot/${slot.id}` }],
      participant: [{ actor: { reference: '#p' }, status: 'accepted' }],
    };
  };

  for (const id of PLATFORMS) {
    it(`books, moves and cancels on ${id}, which is told who comes`, async () => {
      const book = async () => {
        const { status, json, text } = await ask<Appointment>(
          'POST',
          'Appointment',
          bookingOf(await freeSlot(id), id),
        );
        expect(status, text).to.equal(201);
        return json;
      };
      const [first, second] = [await book(), await book()];
      const slot = await freeSlot(id);
      const moved = { ...first, start: slot.start, end: slot.end, slot: [{ reference: `Slot/${slot.id}` }] };
      await ask('PUT', `Appointment/${first.id}`, moved);
      await ask('PUT', `Appointment/${second.id}`, { ...second, status: 'cancelled' });
      await until(`${id} knows who comes`, async () => {
        const received = JSON.stringify(proxies[id].seen);
        return valuesIn(received, PATIENTS[id]).includes(PATIENTS[id]['family'] ?? '');
      });
    });
  }

  it('closes elsewhere what the platforms sell themselves, and what another client writes', async () => {
    // Of hours far apart: what is booked on one closes its own hour on the other meanwhile.
    for (const [site, id, fromEnd] of [
      [new SimulatedSite(simulators.vendor.url), 'bonjour-sante', 3],
      [new SimulatedSite(simulators.rvsq.url), 'rvsq', 12],
    ] as const) {
      const slot = (await site.laterSlots()).at(-fromEnd);
      if (!slot) throw new Error('no slot');
      await site.cancel(await site.book(slot.id, PATIENTS[id]));
      await site.book(slot.id, PATIENTS[id]);
    }
    const start = new Date(Math.ceil(Date.now() / DAY) * DAY + 2 * DAY + 15 * 60 * MINUTE);
    const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const event = timed('autre-client', utc(start.getTime()), utc(start.getTime() + 20 * MINUTE)).replace(
      /SUMMARY:[^\r\n]*/,
      `SUMMARY:${FOREIGN.family}\\, ${FOREIGN.given} ${FOREIGN.nam} ${FOREIGN.phone}`,
    );
    expect(event).to.contain(FOREIGN.nam);
    const headers = { 'content-type': 'text/calendar; charset=utf-8' };
    await server.raw('PUT', `${calendar}autre.ics`, { headers, body: event });
    await until('it is closed on both', async () => {
      const blocks = await Promise.all(
        [simulators.vendor.url, simulators.rvsq.url].map(async (url) =>
          (await new SimulatedSite(url).periods()).filter(
            (period) => period.kind === 'blocked' && Date.parse(period.start) === start.getTime(),
          ),
        ),
      );
      return blocks.every((each) => each.length === 1);
    });
  });

  it('and at the end nothing is left to be written', async () => {
    await until('each shows what it should', async () => {
      const { json } = await ask<{ connections: { differing: number }[] }>('GET', '/api/status');
      return json.connections.every(({ differing }) => differing === 0);
    });
  });

  it('and no platform was told anything of another’s patients, by any way', async () => {
    const { text: listed } = await server.raw('PROPFIND', calendar, { headers: { depth: '1' } });
    const names = [...listed.matchAll(/href>[^<]*\/([^/<]+\.ics)</g)].map((match) => match[1] ?? '');
    const events = await Promise.all(
      names
        .filter((name) => name !== 'autre.ics')
        .map(async (name) => (await server.raw('GET', calendar + name)).text),
    );
    expect(events.length, 'the calendar has blocks for what the others sold').to.be.greaterThan(2);
    const received: Readonly<Record<PlatformId, string>> = {
      'bonjour-sante': JSON.stringify([
        proxies['bonjour-sante'].seen,
        await new SimulatedSite(simulators.vendor.url).log(),
      ]),
      rvsq: JSON.stringify([proxies.rvsq.seen, await new SimulatedSite(simulators.rvsq.url).log()]),
      agenda: JSON.stringify(proxies.agenda.seen) + events.join('\n'),
    };
    for (const at of PLATFORMS) {
      for (const of of PLATFORMS) {
        const found = valuesIn(received[at], PATIENTS[of]);
        if (at === of) expect(found, `${at}, of its own`).not.to.deep.equal([]);
        else expect(found, `${at}, of ${of}`).to.deep.equal([]);
      }
      expect(valuesIn(received[at], FOREIGN), `${at}, of another client’s`).to.deep.equal([]);
    }
  });
});
