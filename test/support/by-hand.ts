import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import manual from '../../adapters/manual/adapter.ts';
import type { Settings } from '../../adapters/manual/manifest.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import type { Offer } from '../../adapters/rvsq/wire.ts';
import type { Simulator } from '../../src/adapter/simulator/server.ts';
import { toLocal } from '../../src/adapter/zone.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { instant } from '../../src/domain/instant.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { CONNECTION, clinicEntries, rvsqConnection, scheduleOf } from './clinic-configuration.ts';
import { makeDataFolder } from './data-folder.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { until } from './servers.ts';
import { ACTORS, type SimSlot, SimulatedSite } from './simulated-site.ts';

/** A clinic that is on RVSQ, and on a platform that a secretary looks after: a real gateway, and a real mail server. */

const ZONE = 'America/Toronto';

export type SeenTask = {
  readonly id: string;
  readonly state: string;
  readonly operation: string;
  readonly text: { readonly fr: string; readonly en: string };
  readonly start: string;
  readonly lateSeconds: number;
  readonly endedBy: string | null;
};

export class ClinicByHand {
  readonly rvsq: SimulatedSite;
  readonly mail: MailServer;
  readonly events: EngineEvent[] = [];
  readonly #simulator: Simulator<Offer>;
  readonly #folder: string;
  readonly #settings: Partial<Settings>;
  #gateway: Gateway | null = null;

  private constructor(
    simulator: Simulator<Offer>,
    mail: MailServer,
    folder: string,
    settings: Partial<Settings>,
  ) {
    this.#simulator = simulator;
    this.rvsq = new SimulatedSite(simulator.url);
    this.mail = mail;
    this.#folder = folder;
    this.#settings = settings;
  }

  static async open(settings: Partial<Settings> = {}): Promise<ClinicByHand> {
    const simulator = await startRvsq({ seed: 7, actors: [...ACTORS], days: 14 });
    // No lunch hours: each would be a task.
    for (const actor of ACTORS)
      for (const lunch of [...simulator.agenda.busy(`pro-${actor}`)]) simulator.agenda.remove(lunch);
    const folder = await makeDataFolder({ embedded: true });
    const clinic = new ClinicByHand(simulator, await startMailServer(), folder, settings);
    await clinic.start();
    return clinic;
  }

  async start(): Promise<void> {
    this.#gateway = await startGateway({
      environment: {
        port: 0,
        host: '127.0.0.1',
        dataFolder: this.#folder,
        configurationFile: null,
        databaseUrl: null,
        redisUrl: null,
        publicUrl: null,
        key: null,
        previousKeys: [],
        logLevel: 'silent',
      },
      role: 'both',
      configuration: this.#configuration(),
      onEvent: (event) => this.events.push(event),
      logger: pino({ level: 'silent' }),
    });
    await until('RVSQ was read', async () => (await fetch(`${this.url}/readyz`)).status === 200);
  }

  async stop(): Promise<void> {
    await this.#gateway?.close();
    this.#gateway = null;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#simulator.close();
    await this.mail.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get url(): string {
    if (!this.#gateway?.url) throw new Error('the gateway is not running');
    return this.#gateway.url;
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<{ status: number; json: T }> {
    const token = await readFile(join(this.#folder, 'admin-token'), 'utf8');
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        authorization: `Bearer ${token.trim()}`,
        'content-type': 'application/json',
        'accept-language': 'en',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as T };
  }

  async raw(path: string): Promise<Response> {
    const token = await readFile(join(this.#folder, 'admin-token'), 'utf8');
    return fetch(new URL(path, this.url), { headers: { authorization: `Bearer ${token.trim()}` } });
  }

  async tasks(state = 'open'): Promise<SeenTask[]> {
    return (await this.ask<{ tasks: SeenTask[] }>('GET', `/api/tasks?state=${state}`)).json.tasks;
  }

  /** The only one that is open, once it is. */
  async task(operation: string): Promise<SeenTask> {
    let found: SeenTask[] = [];
    await until(`a person is asked to ${operation}`, async () => {
      found = await this.tasks();
      return found.length === 1 && found[0]?.operation === operation;
    });
    return found[0] as SeenTask;
  }

  /** @param lines each a slot of RVSQ's, by whose times it is told, and what stands there. */
  import(
    lines: readonly (readonly [time: Pick<SimSlot, 'start' | 'end'>, status: string])[],
    more: object = {},
  ) {
    const local = (text: string): string => toLocal(instant(Date.parse(text)), ZONE).slice(0, 16);
    const rows = lines.map(([{ start, end }, status]) => `${local(start)};${local(end)};${status}`);
    const body = { text: ['début;fin;statut', ...rows].join('\n'), calendar: ACTORS[0], ...more };
    return this.ask<{ rows: number; calendars: { confirmed: boolean; isSuspect: boolean }[] }>(
      'POST',
      '/api/connections/accueil/lists',
      body,
    );
  }

  #configuration(): Configuration {
    const calendars = (connectionId: string, prefix: string) =>
      ACTORS.map((actor) => ({
        connectionId,
        externalId: `${prefix}${actor}`,
        scheduleId: scheduleOf(actor),
        topology: 'block' as const,
      }));
    return {
      directory: {
        ...clinicEntries(),
        connections: [
          { ...CONNECTION, id: 'rvsq', platform: 'rvsq', title: rvsq.manifest.title, pollMilliseconds: 200 },
          {
            ...CONNECTION,
            id: 'accueil',
            platform: 'manual',
            title: { fr: 'Accueil', en: 'Front desk' },
            pollMilliseconds: 60_000,
            asksPeople: true,
            isListed: true,
          },
        ],
        calendars: [...calendars('rvsq', 'pro-'), ...calendars('accueil', '')],
      },
      connections: [
        rvsqConnection(this.rvsq.url),
        {
          id: 'accueil',
          adapter: manual,
          settings: {
            title: 'Accueil',
            names: { [ACTORS[0]]: 'Dr Tremblay' },
            // So that a test need not wait for a quarter of an hour.
            closeWithinMinutes: 0.001,
            openWithinMinutes: 120,
            shows: 'slots',
            dates: 'iso',
            ...this.#settings,
          },
          allowedTargets: [],
        },
      ],
      subscriptions: SUBSCRIPTION_DEFAULTS,
      patients: PATIENT_DEFAULTS,
      access: ACCESS_DEFAULTS,
      server: SERVER_DEFAULTS,
      mail: {
        server: {
          host: '127.0.0.1',
          port: this.mail.port,
          security: 'none',
          login: null,
          from: 'passerelle@clinique.example',
          allowedTargets: ['127.0.0.1'],
        },
        escalation: new Map([['accueil', [{ afterMilliseconds: 0, to: ['accueil@clinique.example'] }]]]),
      },
    };
  }
}
