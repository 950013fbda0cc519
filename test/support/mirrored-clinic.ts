import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import type { Offre } from '../../adapters/bonjour-sante/wire.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import type { Offer } from '../../adapters/rvsq/wire.ts';
import type { Simulator } from '../../src/adapter/simulator/server.ts';
import type { GatewayEnvironment } from '../../src/config/environment.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import type { Clock } from '../../src/domain/environment.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../src/gateway.ts';
import {
  type ConfigurationOptions,
  configurationOf,
  type Sites,
  WEBHOOK_SECRET,
} from './clinic-configuration.ts';
import { makeDataFolder } from './data-folder.ts';
import { listenForPatients } from './leaks.ts';
import { until } from './servers.ts';
import { ACTORS, type SimSlot, SimulatedSite } from './simulated-site.ts';

export { ACTORS, type SimSlot, SimulatedSite } from './simulated-site.ts';

/** A made-up clinic on two simulated platforms, with a real gateway between them, as `npm start` has it. */

export type Simulators = { readonly vendor: Simulator<Offre>; readonly rvsq: Simulator<Offer> };

/** What makes a gateway: plain JSON. */
export type GatewayPlan = {
  readonly environment: GatewayEnvironment;
  readonly role: GatewayOptions['role'];
  readonly sites: Sites;
  readonly options: ConfigurationOptions;
};

export type ClinicOptions = ConfigurationOptions & {
  readonly databaseUrl?: string | null;
  readonly redisUrl?: string | null;
  /** What PASSERELLE_KEY says; null = the data folder's. */
  readonly key?: string | null;
  /** What a link to the console carries that lets whoever follows it do everything. */
  readonly entryKey?: string;
  /** Changes the platforms' agendas before the gateway sees them. */
  readonly prepare?: (simulators: Simulators) => void;
  /** The vendor's own, where it is wrong. */
  readonly vendorClock?: Clock;
  /** Starts the gateway elsewhere than in this process; then its events are not heard. */
  readonly launch?: (plan: GatewayPlan) => Promise<Gateway>;
  /** Hears every line of the log. */
  readonly log?: (line: string) => void;
};

export type Answer<T> = { readonly status: number; readonly json: T };

export class MirroredClinic {
  readonly vendor: SimulatedSite;
  readonly rvsq: SimulatedSite;
  readonly simulators: Simulators;
  readonly events: EngineEvent[] = [];
  readonly configuration: Configuration;
  readonly environment: GatewayEnvironment;
  gateway: Gateway | null = null;
  readonly #listener = listenForPatients('the gateway of a clinic');
  readonly #options: ClinicOptions;

  private constructor(simulators: Simulators, folder: string, options: ClinicOptions) {
    this.simulators = simulators;
    this.vendor = new SimulatedSite(simulators.vendor.url);
    this.rvsq = new SimulatedSite(simulators.rvsq.url);
    this.#options = options;
    this.configuration = configurationOf(this.#sites, options);
    this.environment = {
      port: 0,
      host: '127.0.0.1',
      dataFolder: folder,
      configurationFile: null,
      databaseUrl: options.databaseUrl ?? null,
      redisUrl: options.redisUrl ?? null,
      publicUrl: null,
      key: options.key ?? null,
      previousKeys: [],
      logLevel: 'silent',
      ...(options.entryKey === undefined ? {} : { entryKey: options.entryKey }),
    };
  }

  /** Simulators and gateway, and the first reading of both done. */
  static async open(options: ClinicOptions = {}): Promise<MirroredClinic> {
    const folder = await makeDataFolder({ embedded: !options.databaseUrl });
    const simulator = { seed: 7, actors: [...ACTORS, ...(options.walkInService?.rooms ?? [])], days: 14 };
    const { vendorClock: clock } = options;
    const vendor = await startVendor({ ...simulator, ...(clock ? { clock } : {}) });
    const simulators = { vendor, rvsq: await startRvsq(simulator) };
    options.prepare?.(simulators);
    const clinic = new MirroredClinic(simulators, folder, options);
    try {
      await clinic.start();
      return clinic;
    } catch (error) {
      await clinic.close();
      throw error;
    }
  }

  get url(): string {
    if (!this.gateway?.url) throw new Error('the gateway is not running');
    return this.gateway.url;
  }

  get #sites(): Sites {
    return { vendor: this.vendor.url, rvsq: this.rvsq.url };
  }

  async start(): Promise<void> {
    const { databaseUrl, redisUrl, key, entryKey, prepare, launch, log: _, ...options } = this.#options;
    const { environment } = this;
    this.gateway = launch
      ? await launch({ environment, role: 'both', sites: this.#sites, options })
      : await startGateway({
          environment,
          role: 'both',
          configuration: this.configuration,
          onEvent: (event) => this.events.push(event),
          logger: pino({ level: 'trace' }, { write: (line) => this.#hear(line) }),
        });
    if (options.webhook !== false) {
      const url = `${this.url}/webhooks/bonjour-sante`;
      await this.vendor.call('PUT', 'webhook', { url, secret: WEBHOOK_SECRET });
    }
    await until(
      'the first reading of both platforms',
      async () => (await fetch(`${this.url}/readyz`)).status === 200,
    );
  }

  /** TEST_LOG shows it. */
  #hear(line: string): void {
    this.#listener.hear(line);
    this.#options.log?.(line);
    if (process.env['TEST_LOG']) process.stderr.write(line);
  }

  async stop(): Promise<void> {
    await this.gateway?.close();
    this.gateway = null;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.simulators.vendor.close();
    await this.simulators.rvsq.close();
    await rm(this.environment.dataFolder, { recursive: true, force: true });
    this.#listener.expectNobody();
  }

  /** A client of the gateway that has the administrator's token. @param path from the root, as `/fhir/Slot`. */
  async ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(await this.headers()),
        'content-type': 'application/fhir+json',
        'accept-language': 'en',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as T };
  }

  /** The administrator's token. */
  async headers(): Promise<{ authorization: string }> {
    const token = await readFile(join(this.environment.dataFolder, 'admin-token'), 'utf8');
    return { authorization: `Bearer ${token.trim()}` };
  }

  /** Resolves when RVSQ was polled so many times more: what is awaited is the polls, not the time. */
  async polls(count = 10): Promise<void> {
    const made = async (): Promise<number> => (await this.rvsq.log()).length;
    const before = await made();
    await until(`RVSQ was polled ${count} times`, async () => (await made()) >= before + count);
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
