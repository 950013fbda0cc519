import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../../src/adapter/http.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import {
  Appointment,
  type AppointmentRequest,
  Conflicts,
  ProviderPage,
  Rows,
  Service,
  Started,
  timeText,
} from './wire.ts';

/** The calls of the appointments module's REST interface. */

const BASE = '/ws/rest/v1';
/** So many appointments a page: the search takes a limit, and knows no offset. */
export const PAGE_ROWS = 200;
/** As many as its REST module gives at once by default. */
const PROVIDER_ROWS = 100;
/** A search that goes on for longer than this holds more than any provider has. */
const PAGES_MAX = 1000;

export type Client = ReturnType<typeof createClient>;

export function createClient({ settings, limits, pace, targets, environment, transport }: Connect<Settings>) {
  const { clock } = environment;
  const credentials = Buffer.from(`${settings.username}:${settings.password}`).toString('base64');
  const http = createHttp({
    baseUrl: settings.baseUrl,
    headers: { authorization: `Basic ${credentials}` },
    ...{ limits, pace, targets, clock, transport },
  });

  /** @throws Fault on every status that is not among the expected ones. */
  async function call(request: HttpRequest, ...expected: readonly number[]): Promise<HttpResponse> {
    const response = await http.request({ ...request, path: `${BASE}${request.path}` });
    if (expected.includes(response.status)) return response;
    throw new Fault('malformed', `unexpected HTTP ${response.status} to ${request.method} ${request.path}`);
  }

  const post = (path: string, body: object, writes = true): HttpRequest => ({
    method: 'POST',
    path,
    body,
    writes,
  });
  const appointmentPath = (uuid: string): string => `/appointments/${encodeURIComponent(uuid)}`;

  return {
    /** It needs the rights that all else needs; `/session` says 200 to whoever asks. */
    service: async (signal?: AbortSignal): Promise<Service> => {
      const query = { uuid: settings.serviceUuid };
      const path = '/appointmentService';
      return (await call({ method: 'GET', path, query, ...(signal ? { signal } : {}) }, 200)).json(Service);
    },

    /**
     * The raw appointments of a provider that begin in the interval, both ends included, in order, each once. From page to
     * page it goes on from the last start, which comes again.
     */
    async *search(
      providerUuid: string,
      { start, end }: Interval,
      signal?: AbortSignal,
    ): AsyncGenerator<unknown[]> {
      const seen = new Set<string>();
      let from = start;
      for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const wanted = { startDate: timeText(from), endDate: timeText(end), providerUuid, limit: PAGE_ROWS };
        const request = post('/appointments/search', wanted, false);
        const page = (await call({ ...request, ...(signal ? { signal } : {}) }, 200)).json(Rows);
        const started = page.map((row) => Started.safeParse(row).data);
        yield page.filter((_, index) => !seen.has(started[index]?.uuid ?? ''));
        // Older modules know no limit, and give all.
        if (page.length !== PAGE_ROWS) return;
        for (const each of started) if (each) seen.add(each.uuid);
        const last = started.findLast((each) => each !== undefined)?.startDateTime;
        if (last === undefined || last <= from) {
          throw new Fault('malformed', 'a full page of appointments does not say where the next one begins');
        }
        from = last;
      }
      throw new Fault('malformed', 'the list does not end');
    },

    /** The raw providers who are not retired, page by page. */
    providers: async (signal: AbortSignal): Promise<readonly unknown[]> => {
      const rows: unknown[] = [];
      for (let pages = 0; pages < PAGES_MAX; pages += 1) {
        const query = { v: 'custom:(uuid,person:(display))', limit: PROVIDER_ROWS, startIndex: rows.length };
        const response = await call({ method: 'GET', path: '/provider', query, signal }, 200);
        const { results, links } = response.json(ProviderPage);
        rows.push(...results);
        if (results.length === 0 || !links?.some(({ rel }) => rel === 'next')) return rows;
      }
      throw new Fault('malformed', 'the list of providers does not end');
    },

    /** The raw blocks of unavailability on those local days, of all providers. */
    unavailability: async (
      startDate: string,
      endDate: string,
      signal: AbortSignal,
    ): Promise<readonly unknown[]> => {
      const query = { startDate, endDate };
      return (await call({ method: 'GET', path: '/appointmentUnavailability', query, signal }, 200)).json(
        Rows,
      );
    },

    /** Null when there is none. */
    get: async (uuid: string): Promise<Appointment | null> => {
      const response = await call({ method: 'GET', path: appointmentPath(uuid) }, 200, 404);
      return response.status === 404 ? null : response.json(Appointment);
    },

    /** The kinds of conflict that it finds. It looks at patient, service hours and unavailability, never at other patients. */
    conflicts: async (body: AppointmentRequest): Promise<readonly string[]> => {
      const response = await call(post('/appointments/conflicts', body, false), 200, 204);
      return response.status === 204 ? [] : Object.keys(response.json(Conflicts));
    },

    create: async (body: AppointmentRequest): Promise<Appointment> =>
      (await call(post('/appointments', body), 200, 201)).json(Appointment),

    /** Changes the one of that UUID. The resource in the singular does; the one in the plural makes another. */
    update: async (body: AppointmentRequest & { readonly uuid: string }): Promise<Appointment> =>
      (await call(post('/appointment', body), 200)).json(Appointment),

    cancel: async (uuid: string): Promise<void> => {
      const body = { toStatus: 'Cancelled', onDate: timeText(clock.now()) };
      await call(post(`${appointmentPath(uuid)}/status-change`, body), 200);
    },

    close: http.close,
  };
}
