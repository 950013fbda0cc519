import { expect } from 'chai';
import type { z } from 'zod';
import { Agenda, type Period } from '../../src/server/contract/agenda.ts';
import { scheduleOf } from './clinic-configuration.ts';
import type { Answer, MirroredClinic } from './mirrored-clinic.ts';
import { until } from './servers.ts';
import { ACTORS } from './simulated-site.ts';

/** Somebody of the clinic who looks at an agenda, and works with time there. What is answered is held against the contract. */

export type AgendaJson = z.output<typeof Agenda>;
export type PeriodJson = z.output<typeof Period>;
export type Time = { readonly start: string; readonly end: string };

const DAY_MILLISECONDS = 86_400_000;

export class AgendaDesk {
  readonly #clinic: MirroredClinic;

  constructor(clinic: MirroredClinic) {
    this.#clinic = clinic;
  }

  /** A token with these scopes. */
  async token(...scopes: string[]): Promise<string> {
    const body = {
      name: scopes
        .join('-')
        .replace(/[^\w.-]/g, '-')
        .slice(0, 90),
      scopes,
      expiresInDays: 1,
    };
    const { status, json } = await this.#clinic.ask<{ token: string }>('POST', '/api/tokens', body);
    expect(status, JSON.stringify(json)).to.equal(201);
    return json.token;
  }

  ask<T>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<T>> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return this.#clinic.ask<T>(method, path, body, { 'content-type': 'application/json', ...headers });
  }

  /** The two weeks of the simulators. */
  async agenda(actor: string = ACTORS[0], token?: string): Promise<AgendaJson> {
    const from = new Date(Date.now() - DAY_MILLISECONDS).toISOString();
    const before = new Date(Date.now() + 16 * DAY_MILLISECONDS).toISOString();
    const query = new URLSearchParams({ schedule: scheduleOf(actor), from, before });
    const { status, json } = await this.ask('GET', `/api/agenda?${query}`, undefined, token);
    expect(status, JSON.stringify(json)).to.equal(200);
    return Agenda.parse(json);
  }

  async period(id: string): Promise<PeriodJson | undefined> {
    return (await this.agenda()).periods.find((period) => period.id === id);
  }

  /** Resolves once all platforms stand as it is wanted of this period. */
  async agrees(id: string): Promise<PeriodJson> {
    let found: PeriodJson | undefined;
    await until(`every platform agrees on ${id}`, async () => {
      found = await this.period(id);
      return found?.listings.every(({ state }) => state === 'agrees') ?? false;
    });
    if (!found) throw new Error(`there is no period ${id}`);
    return found;
  }
}
