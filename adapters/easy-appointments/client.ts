import type { z } from 'zod';
import type { Connect, Known, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../../src/adapter/http.ts';
import type { Settings } from './manifest.ts';
import { Customer, Id, Problem, Rows, Setting } from './wire.ts';

/** The calls of API v1, and what its statuses mean. */

/**
 * Rows of one answer, the next longer where it was not enough. Always the first page: each answer is one query and so one
 * moment, while a record that goes between two pages moves another one past us, which would then look deleted.
 */
const LENGTHS = [500, 4_000, 32_000];

export type Kind = 'appointments' | 'unavailabilities';
export type List = Kind | 'blocked_periods' | 'providers' | 'services' | 'customers';
export type Client = ReturnType<typeof createClient>;
export type Recorded =
  | { readonly outcome: 'done'; readonly id: number }
  /** It says why, in a sentence that may repeat what was sent. */
  | { readonly outcome: 'refused'; readonly because: string };

export function createClient({ settings, limits, pace, targets, environment, transport }: Connect<Settings>) {
  const http = createHttp({
    baseUrl: settings.baseUrl,
    headers: { authorization: authorization(settings) },
    limits,
    pace,
    targets,
    clock: environment.clock,
    transport,
  });

  async function get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    query: HttpRequest['query'] = {},
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const response = await http.request({ method: 'GET', path, query, ...(signal ? { signal } : {}) });
    if (response.status !== 200) throw unexpected(response);
    return response.json(schema);
  }

  return {
    setting: (name: string, signal?: AbortSignal) => get(`/api/v1/settings/${name}`, Setting, {}, signal),

    /**
     * All rows, or the first ones up to where `isEnough` says so.
     * @throws Fault when there are more than can be read at once.
     */
    list: async (
      kind: List,
      query: HttpRequest['query'],
      isEnough: (rows: readonly unknown[]) => boolean,
      signal?: AbortSignal,
    ): Promise<readonly unknown[]> => {
      for (const length of LENGTHS) {
        const rows = await get(`/api/v1/${kind}`, Rows, { ...query, length, page: 1 }, signal);
        if (rows.length < length || isEnough(rows)) return rows;
      }
      throw new Fault('malformed', `the list of ${kind} is longer than can be read at once`);
    },

    /** Hours of that local day, HH:MM, at which its own booking page would take a booking. */
    availabilities: (query: { providerId: string; serviceId: number; date: string }) =>
      get('/api/v1/availabilities', Rows, query),

    /** Null when it is not there. */
    find: async <Schema extends z.ZodType>(
      kind: Kind,
      { externalId }: Pick<Known, 'externalId'>,
      schema: Schema,
    ): Promise<z.output<Schema> | null> => {
      if (!isId(externalId)) return null;
      const response = await http.request({ method: 'GET', path: `/api/v1/${kind}/${externalId}` });
      if (response.status === 404) return null;
      if (response.status !== 200) throw unexpected(response);
      return response.json(schema);
    },

    create: async (kind: Kind, body: object): Promise<Extract<Written, { outcome: 'done' }>> => {
      const response = await http.request({ method: 'POST', path: `/api/v1/${kind}`, body });
      if (response.status !== 201) throw unexpected(response);
      return done(response);
    },

    /** All that the body does not name stays. */
    change: async (kind: Kind, { externalId }: Known, body: object): Promise<Written> => {
      if (!isId(externalId)) return { outcome: 'gone' };
      const response = await http.request({ method: 'PUT', path: `/api/v1/${kind}/${externalId}`, body });
      if (response.status === 404) return { outcome: 'gone' };
      if (response.status !== 200) throw unexpected(response);
      return done(response);
    },

    remove: async (kind: Kind, externalId: string): Promise<Written> => {
      if (!isId(externalId)) return { outcome: 'gone' };
      const response = await http.request({ method: 'DELETE', path: `/api/v1/${kind}/${externalId}` });
      if (response.status === 404) return { outcome: 'gone' };
      if (response.status !== 204) throw unexpected(response);
      return { outcome: 'done', externalId: null, revision: null, sequence: null };
    },

    /** A refusal is HTTP 500 with a reason, as every error of it is; without that the record may stand. */
    addCustomer: async (body: object): Promise<Recorded> => {
      const response = await http.request({
        method: 'POST',
        path: '/api/v1/customers',
        body,
        answers: [500],
      });
      if (response.status === 201) return { outcome: 'done', id: response.json(Customer).id };
      if (response.status !== 500) throw unexpected(response);
      return { outcome: 'refused', because: response.json(Problem).message };
    },

    close: http.close,
  };
}

function authorization({ apiToken, username = '', password = '' }: Settings): string {
  if (apiToken !== undefined) return `Bearer ${apiToken}`;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** An id that is not its own names nothing there. */
const isId = (text: string): boolean => Id.safeParse(/^\d{1,10}$/.test(text) ? Number(text) : null).success;

function done(response: HttpResponse): Extract<Written, { outcome: 'done' }> {
  const { id } = response.json(Customer.pick({ id: true }));
  return { outcome: 'done', externalId: String(id), revision: null, sequence: null };
}

const unexpected = ({ status }: HttpResponse): Fault => new Fault('malformed', `unexpected HTTP ${status}`);
