import { rm } from 'node:fs/promises';
import pino from 'pino';
import caldav from '../../adapters/caldav/adapter.ts';
import { type CaldavServer, PASSWORD, USERNAME } from '../../adapters/caldav/bench/server.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import type { Offer } from '../../adapters/rvsq/wire.ts';
import type { Simulator } from '../../src/adapter/simulator/server.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { MAIL_DEFAULTS } from '../../src/config/mail.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import type { Calendar } from '../../src/domain/schedule.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { CONNECTION, clinicEntries, rvsqConnection, scheduleOf } from './clinic-configuration.ts';
import { makeDataFolder } from './data-folder.ts';
import { LOOPBACK } from './loopback.ts';
import { until } from './servers.ts';
import { ACTORS, SimulatedSite } from './simulated-site.ts';

/** A doctor whose agenda is a calendar on a real CalDAV server, mirrored on a simulated RVSQ by a real gateway. */

const POLL_MILLISECONDS = 300;
/** Two hours of every day, in RVSQ's steps: 6 slots a day, whatever day the test runs on. */
export const PLAN = { slotMinutes: 20, horizonDays: 5, from: '09:00', to: '11:00' } as const;

const [ACTOR] = ACTORS;

export class HomeAgenda {
  readonly rvsq: SimulatedSite;
  /** Everything that the gateway said of itself. */
  log = '';
  readings = 0;
  readonly #server: CaldavServer;
  readonly #calendar: string;
  readonly #simulator: Simulator<Offer>;
  readonly #folder: string;
  #gateway: Gateway | null = null;

  private constructor(server: CaldavServer, calendar: string, simulator: Simulator<Offer>, folder: string) {
    this.#server = server;
    this.#calendar = calendar;
    this.#simulator = simulator;
    this.#folder = folder;
    this.rvsq = new SimulatedSite(simulator.url);
  }

  /** @param topology of RVSQ: with slots of its own, or fed from the calendar's working plan. */
  static async open(server: CaldavServer, topology: Calendar['topology']): Promise<HomeAgenda> {
    const folder = await makeDataFolder({ embedded: true });
    const simulator = await startRvsq({ seed: 7, actors: [ACTOR], days: 14 });
    const { agenda } = simulator;
    // A lunch of RVSQ's own would be mirrored too, which other tests show.
    for (const record of agenda.records()) {
      if (topology === 'publish' || record.kind === 'block') agenda.remove(record);
    }
    const home = new HomeAgenda(server, await server.makeCalendar(), simulator, folder);
    try {
      await home.#start(topology);
      return home;
    } catch (error) {
      await home.close();
      throw error;
    }
  }

  async #start(topology: Calendar['topology']): Promise<void> {
    const configuration = configurationOf(this.#server.url, this.#calendar, this.rvsq.url, topology);
    const gateway = await startGateway({
      environment: {
        ...{ port: 0, host: '127.0.0.1', dataFolder: this.#folder, configurationFile: null },
        ...{
          databaseUrl: null,
          redisUrl: null,
          key: null,
          publicUrl: null,
          previousKeys: [],
          logLevel: 'trace',
        },
      },
      role: 'both',
      configuration,
      onEvent: (event) => {
        if (event.type === 'feed.read' && event.connectionId === 'agenda') this.readings += 1;
      },
      logger: pino({ level: 'trace' }, { write: (line) => this.#hear(line) }),
    });
    this.#gateway = gateway;
    await until('both were read', async () => (await fetch(`${gateway.url}/readyz`)).status === 200);
  }

  #hear(line: string): void {
    this.log += line;
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
    await this.#simulator.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Another client of the calendar: plain HTTP, none of the adapter's code. */
  async put(name: string, text: string): Promise<void> {
    const headers = { 'content-type': 'text/calendar; charset=utf-8' };
    const { status } = await this.#server.raw('PUT', this.#calendar + name, { headers, body: text });
    if (status >= 300) throw new Error(`PUT ${name}: HTTP ${status}`);
  }

  async delete(name: string): Promise<void> {
    const { status } = await this.#server.raw('DELETE', this.#calendar + name);
    if (status >= 300) throw new Error(`DELETE ${name}: HTTP ${status}`);
  }

  /** Every event of the calendar as it stands, by name. */
  async standing(): Promise<Map<string, { readonly text: string; readonly etag: string | null }>> {
    const { text } = await this.#server.raw('PROPFIND', this.#calendar, { headers: { depth: '1' } });
    const names = [...text.matchAll(/href>[^<]*\/([^/<]+\.ics)</g)].map((match) => match[1] ?? '');
    const found = new Map<string, { text: string; etag: string | null }>();
    for (const name of names.sort()) {
      const answer = await this.#server.raw('GET', this.#calendar + name);
      // Deleted between the list and the look.
      if (answer.status === 200) found.set(name, { text: answer.text, etag: answer.etag });
    }
    return found;
  }

  /** Resolves when both were polled so many times more. */
  async polls(count: number): Promise<void> {
    const made = async (): Promise<number> => (await this.rvsq.log()).length;
    const before = { rvsq: await made(), readings: this.readings };
    await until(`${count} more polls`, async () => {
      return this.readings >= before.readings + count && (await made()) >= before.rvsq + count;
    });
  }
}

function configurationOf(
  serverUrl: string,
  calendar: string,
  rvsqUrl: string,
  topology: Calendar['topology'],
): Configuration {
  const { slotMinutes, horizonDays, from, to } = PLAN;
  const hours = [{ weekdays: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], from, to }];
  const availability = { kind: 'plan', slotMinutes, horizonDays, hours };
  const credentials = { username: USERNAME, password: PASSWORD };
  const settings = { serverUrl, ...credentials, calendars: { [calendar]: { availability } } };
  const rvsq = rvsqConnection(rvsqUrl);
  const connection = { ...CONNECTION, pollMilliseconds: POLL_MILLISECONDS };
  const scheduleId = scheduleOf(ACTOR);
  return {
    directory: {
      ...clinicEntries(),
      connections: [
        { ...connection, id: 'agenda', platform: 'caldav', title: caldav.manifest.title },
        { ...connection, id: 'rvsq', platform: 'rvsq', title: rvsq.adapter.manifest.title },
      ],
      calendars: [
        { connectionId: 'agenda', externalId: calendar, scheduleId, topology: 'block' },
        { connectionId: 'rvsq', externalId: `pro-${ACTOR}`, scheduleId, topology },
      ],
    },
    subscriptions: SUBSCRIPTION_DEFAULTS,
    patients: PATIENT_DEFAULTS,
    access: ACCESS_DEFAULTS,
    mail: MAIL_DEFAULTS,
    server: SERVER_DEFAULTS,
    connections: [
      {
        id: 'agenda',
        adapter: caldav,
        settings: caldav.manifest.settings.parse(settings),
        allowedTargets: LOOPBACK,
      },
      rvsq,
    ],
  };
}
