import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import type { GatewayEnvironment } from '../../src/config/environment.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import type { Calendar } from '../../src/domain/schedule.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { until } from './servers.ts';

/** A made-up clinic on two simulated platforms, with a real gateway between them, as `npm start` has it. */

export const ACTORS = ['dr-tremblay', 'dre-gagnon'] as const;
const WEBHOOK_SECRET = 'un-secret-pour-les-essais';

export type SimSlot = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly status: 'free' | 'held' | 'busy' | 'blocked';
  readonly actor: string;
};

/** A platform as its patients and its staff see it: by the simulator's control API only. */
export class SimulatedSite {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; json: T }> {
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return { status: response.status, json: (text === '' ? null : JSON.parse(text)) as T };
  }

  async slots(actor: string = ACTORS[0]): Promise<SimSlot[]> {
    const { json } = await this.call<SimSlot[]>('GET', 'slots');
    return json.filter((slot) => slot.actor === actor).sort((a, b) => a.start.localeCompare(b.start));
  }

  async slot(id: string): Promise<SimSlot> {
    const found = (await this.call<SimSlot[]>('GET', 'slots')).json.find((slot) => slot.id === id);
    if (!found) throw new Error(`no slot ${id}`);
    return found;
  }

  /** @returns the id of the booking. @throws Error when the platform refuses. */
  async book(slotId: string): Promise<string> {
    const { status, json } = await this.call<{ id: string }>('POST', 'bookings', { slotId });
    if (status !== 201) throw new Error(`the booking was answered ${status}`);
    return json.id;
  }

  async cancel(id: string): Promise<void> {
    const { status } = await this.call('DELETE', `bookings/${id}`);
    if (status !== 204) throw new Error(`the cancellation was answered ${status}`);
  }

  faults(faults: Record<string, unknown>): Promise<unknown> {
    return this.call('PUT', 'faults', faults);
  }

  /** A slot on a later day, so that the test can't meet the slots of this very hour. */
  async laterSlot(index = 0): Promise<SimSlot> {
    const tomorrow = Date.now() + DAY;
    const free = (await this.slots()).filter(
      (slot) => slot.status === 'free' && Date.parse(slot.start) > tomorrow,
    );
    const found = free[index];
    if (!found) throw new Error('no free slot');
    return found;
  }

  /** Those that overlap the time of a slot of another grid, by status. */
  async overlapping(time: SimSlot): Promise<SimSlot[]> {
    return (await this.slots(time.actor)).filter(
      (slot) =>
        Date.parse(slot.start) < Date.parse(time.end) && Date.parse(time.start) < Date.parse(slot.end),
    );
  }
}

export type ClinicOptions = {
  readonly databaseUrl?: string | null;
  readonly redisUrl?: string | null;
  readonly rvsqPollMilliseconds?: number;
  readonly topology?: { readonly vendor: Calendar['topology']; readonly rvsq: Calendar['topology'] };
  readonly webhook?: boolean;
};

export class MirroredClinic {
  readonly vendor: SimulatedSite;
  readonly rvsq: SimulatedSite;
  readonly events: EngineEvent[] = [];
  readonly configuration: Configuration;
  readonly environment: GatewayEnvironment;
  gateway: Gateway | null = null;
  readonly #close: (() => Promise<unknown>)[];
  readonly #options: ClinicOptions;

  private constructor(
    sites: { vendor: string; rvsq: string },
    folder: string,
    options: ClinicOptions,
    close: (() => Promise<unknown>)[],
  ) {
    this.vendor = new SimulatedSite(sites.vendor);
    this.rvsq = new SimulatedSite(sites.rvsq);
    this.#options = options;
    this.#close = close;
    this.configuration = configurationOf(sites, options);
    this.environment = {
      port: 0,
      host: '127.0.0.1',
      dataFolder: folder,
      configurationFile: null,
      databaseUrl: options.databaseUrl ?? null,
      redisUrl: options.redisUrl ?? null,
      key: null,
      logLevel: 'silent',
    };
  }

  /** Simulators and gateway, and the first reading of both done. */
  static async open(options: ClinicOptions = {}): Promise<MirroredClinic> {
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'));
    const simulator = { seed: 7, actors: [...ACTORS], days: 14 };
    const vendor = await startVendor(simulator);
    const other = await startRvsq(simulator);
    const close = [
      () => vendor.close(),
      () => other.close(),
      () => rm(folder, { recursive: true, force: true }),
    ];
    const clinic = new MirroredClinic({ vendor: vendor.url, rvsq: other.url }, folder, options, close);
    await clinic.start();
    return clinic;
  }

  get url(): string {
    if (!this.gateway?.url) throw new Error('the gateway is not running');
    return this.gateway.url;
  }

  async start(): Promise<void> {
    this.gateway = await startGateway({
      environment: this.environment,
      role: 'both',
      configuration: this.configuration,
      onEvent: (event) => this.events.push(event),
      logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    });
    if (this.#options.webhook !== false) {
      const url = `${this.url}/webhooks/bonjour-sante`;
      await this.vendor.call('PUT', 'webhook', { url, secret: WEBHOOK_SECRET });
    }
    await until(
      'the first reading of both platforms',
      async () => (await fetch(`${this.url}/readyz`)).status === 200,
    );
  }

  async stop(): Promise<void> {
    await this.gateway?.close();
    this.gateway = null;
  }

  async close(): Promise<void> {
    await this.stop();
    for (const each of this.#close) await each();
  }

  /** Every slot of either platform is open exactly where the other platform has no booking at its time. */
  async converged(): Promise<boolean> {
    for (const actor of ACTORS) {
      const sides = [await this.vendor.slots(actor), await this.rvsq.slots(actor)] as const;
      for (const [own, other] of [sides, [sides[1], sides[0]] as const]) {
        const booked = other.filter((slot) => slot.status === 'busy' || slot.status === 'held');
        const agrees = own.every((slot) => {
          const isTaken = booked.some(
            (taken) =>
              Date.parse(taken.start) < Date.parse(slot.end) &&
              Date.parse(slot.start) < Date.parse(taken.end),
          );
          return isTaken === (slot.status === 'blocked') || slot.status === 'busy' || isLunch(slot);
        });
        if (!agrees) return false;
      }
    }
    return true;
  }
}

/** Blocks of the simulated clinic's own, which Passerelle mirrors too: they are not bookings. */
const isLunch = (slot: SimSlot): boolean => {
  const hour = new Intl.DateTimeFormat('en', {
    hour: 'numeric',
    hourCycle: 'h23',
    timeZone: 'America/Toronto',
  }).format(new Date(slot.start));
  return hour === '12';
};

function configurationOf(sites: { vendor: string; rvsq: string }, options: ClinicOptions): Configuration {
  const topology = options.topology ?? { vendor: 'block', rvsq: 'block' };
  const connection = { freshnessMilliseconds: 30 * MINUTE, horizonMilliseconds: 21 * DAY };
  return {
    directory: {
      organization: { id: 'clinique-essai', name: 'Clinique fictive' },
      practitioners: ACTORS.map((id) => ({ id, family: id, given: 'Essai', prefix: 'Dr', identifiers: [] })),
      locations: [
        { id: 'ici', name: 'Ici', timeZone: 'America/Toronto', address: null, phone: null, position: null },
      ],
      services: [{ id: 'famille', name: { fr: 'Médecine familiale', en: 'Family medicine' } }],
      schedules: ACTORS.map((id) => ({
        id: `${id}-ici`,
        practitionerId: id,
        locationId: 'ici',
        serviceId: 'famille',
        capacity: 1,
        policy: { sharing: 'shared', failover: 'refuse' },
      })),
      connections: [
        {
          ...connection,
          id: 'bonjour-sante',
          platform: 'bonjour-sante',
          title: bonjourSante.manifest.title,
          pollMilliseconds: options.webhook === false ? 500 : MINUTE,
        },
        {
          ...connection,
          id: 'rvsq',
          platform: 'rvsq',
          title: rvsq.manifest.title,
          pollMilliseconds: options.rvsqPollMilliseconds ?? 300,
        },
      ],
      calendars: ACTORS.flatMap((id) => [
        {
          connectionId: 'bonjour-sante',
          externalId: `ag-${id}`,
          scheduleId: `${id}-ici`,
          topology: topology.vendor,
        },
        { connectionId: 'rvsq', externalId: `pro-${id}`, scheduleId: `${id}-ici`, topology: topology.rvsq },
      ]),
    },
    connections: [
      {
        id: 'bonjour-sante',
        adapter: bonjourSante,
        settings: { baseUrl: sites.vendor, apiKey: VENDOR_KEY, webhookSecret: WEBHOOK_SECRET },
      },
      { id: 'rvsq', adapter: rvsq, settings: { baseUrl: sites.rvsq, apiKey: RVSQ_KEY } },
    ],
  };
}
