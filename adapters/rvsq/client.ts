import type { z } from 'zod';
import type { Connect, Held, Known, PatientDetails, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../../src/adapter/http.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { formatInstant, type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import {
  ChangePage,
  type Confirmation,
  LatestCursor,
  Professionals,
  RecordPage,
  RvsqRecord,
  Status,
} from './wire.ts';

/** The calls of RVSQ's interface, and what its statuses mean. */

const PAGE_ROWS = 500;

export type Kind = 'availabilities' | 'activities' | 'locks' | 'unavailabilities';
export type Client = ReturnType<typeof createClient>;

export function createClient({ settings, limits, pace, targets, environment, transport }: Connect<Settings>) {
  const http = createHttp({
    baseUrl: settings.baseUrl,
    headers: { 'x-api-key': settings.apiKey },
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

  async function create(kind: Kind, body: object): Promise<HttpResponse> {
    const response = await http.request({ method: 'POST', path: `/v1/${kind}`, body });
    // Nothing stood there before, so nothing can be gone: the professional is not known.
    if (response.status === 404) throw unexpected(response);
    return response;
  }

  return {
    check: async (signal: AbortSignal): Promise<void> => {
      await get('/v1/status', Status, {}, signal);
    },

    /** The raw rows of all who have an agenda. */
    professionals: async (signal: AbortSignal): Promise<readonly unknown[]> =>
      (await get('/v1/professionals', Professionals, {}, signal)).professionals,

    /** The cursor of now: what changes from here on is after it. */
    latestCursor: async (signal: AbortSignal): Promise<string> =>
      (await get('/v1/changes/latest', LatestCursor, {}, signal)).cursor,

    /** Null when the platform does not know the cursor, or no more. */
    changes: async (cursor: string, signal: AbortSignal): Promise<z.output<typeof ChangePage> | null> => {
      const query = { cursor, limit: PAGE_ROWS };
      const response = await http.request({ method: 'GET', path: '/v1/changes', query, signal });
      if (response.status === 410) return null;
      if (response.status !== 200) throw unexpected(response);
      return response.json(ChangePage);
    },

    records: (window: Interval, after: string | null, signal: AbortSignal) =>
      get(
        '/v1/records',
        RecordPage,
        {
          from: formatInstant(window.start),
          to: formatInstant(window.end),
          after: after ?? undefined,
          limit: PAGE_ROWS,
        },
        signal,
      ),

    /** The raw records that carry the mark. */
    byMark: async (professionalId: string, mark: Mark): Promise<readonly unknown[]> =>
      (await get('/v1/lookup', RecordPage, { professionalId, externalReference: mark })).records,

    create: async (kind: Kind, body: object): Promise<Written> => written(await create(kind, body)),

    /** @throws Fault when the platform does not say how long it keeps the time: that would be a booking of nobody. */
    lock: async (body: object): Promise<Held> => {
      const response = await create('locks', body);
      const answer = written(response);
      if (answer.outcome !== 'done') return answer;
      const record = response.json(RvsqRecord);
      const until = record.type === 'activity' ? (record.lockedUntilUtc ?? null) : null;
      if (until === null) throw new Fault('unsure', 'the lock has no end');
      return { ...answer, expiresAt: until };
    },

    confirm: async (known: Known, body: Confirmation): Promise<Written> =>
      written(await http.request({ method: 'POST', path: `${pathOf('locks', known)}/confirmation`, body })),

    replace: async (kind: Kind, known: Known, body: object): Promise<Written> =>
      written(await http.request({ method: 'PUT', path: pathOf(kind, known), body })),

    remove: async (kind: Kind, known: Known): Promise<Written> =>
      written(await http.request({ method: 'DELETE', path: pathOf(kind, known) })),

    close: http.close,
  };
}

const pathOf = (kind: Kind, known: Known): string => `/v1/${kind}/${encodeURIComponent(known.externalId)}`;

function written(response: HttpResponse): Written {
  switch (response.status) {
    case 200:
    case 201: {
      const { id, changeNumber } = response.json(RvsqRecord);
      return { outcome: 'done', externalId: id, revision: String(changeNumber), sequence: changeNumber };
    }
    case 204:
      return { outcome: 'done', externalId: null, revision: null, sequence: null };
    case 409:
      return { outcome: 'taken' };
    case 404:
    case 410:
      return { outcome: 'gone' };
    default:
      throw unexpected(response);
  }
}

const unexpected = ({ status }: HttpResponse): Fault => new Fault('malformed', `unexpected HTTP ${status}`);

/** RVSQ counts in whole minutes. */
export const whenOf = ({ start, end }: Interval): { dateUtc: string; duration: number } => ({
  dateUtc: formatInstant(start),
  duration: Math.ceil((end - start) / MINUTE),
});

export const textOf = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

export const patientOf = (patient: PatientDetails | null): Confirmation['patient'] =>
  patient && {
    lastName: patient.family,
    firstName: patient.given,
    nam: patient.nam,
    birthDate: patient.birthDate,
    phone: patient.phone,
    email: patient.email,
  };
