import type { z } from 'zod';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type Http, type HttpRequest } from '../../src/adapter/http.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import { Bundle, Day, Days, Services } from './wire.ts';

/** The calls of its pages, and of its FHIR interface. */

export type Client = ReturnType<typeof createClient>;

/** Far more than an establishment has. */
const PAGES_MAX = 200;

/** Dates are local, both included. */
export type Asked = {
  readonly service: string;
  readonly place: string;
  readonly zone: string;
  readonly from: string;
  readonly to: string;
};

export function createClient(options: Connect<Settings>) {
  const { settings, limits, pace, targets, environment, transport } = options;
  const shared = { limits, pace, targets, clock: environment.clock, transport };
  const pair = Buffer.from(`${settings.username}:${settings.password}`).toString('base64');
  const pages = createHttp({
    ...shared,
    baseUrl: settings.baseUrl,
    // As its own pages say who they are.
    headers: { authorization: `Basic ${pair}`, product: 'clicsante', 'x-trimoz-role': 'public' },
  });
  const fhir = settings.appointments
    ? createHttp({
        ...shared,
        baseUrl: settings.appointments.baseUrl,
        headers: { accept: 'application/fhir+json', authorization: `Bearer ${settings.appointments.token}` },
      })
    : null;
  const establishment = `/v3/establishments/${settings.establishment}`;

  const queryOf = ({ service, place, zone, from, to }: Asked): NonNullable<HttpRequest['query']> => ({
    ...{ dateStart: from, dateStop: to, service, timezone: zone, places: place },
  });

  return {
    /** Minutes of each service. */
    services: async (signal: AbortSignal): Promise<ReadonlyMap<string, number>> => {
      const found = await get(pages, Services, { path: `${establishment}/services`, signal });
      const lengths = new Map(found.map(({ id, length }) => [id, length]));
      const missing = settings.services.filter((id) => !lengths.has(id));
      if (missing.length === 0) return lengths;
      throw new Fault('malformed', `the establishment has no service ${missing.join(', ')}`);
    },

    days: async (asked: Asked, signal: AbortSignal): Promise<readonly string[]> =>
      (await get(pages, Days, { path: `${establishment}/schedules/public`, query: queryOf(asked), signal }))
        .availabilities,

    /** A day on which nothing is free is not found there. */
    day: async (asked: Asked, signal: AbortSignal): Promise<readonly unknown[]> => {
      const path = `${establishment}/schedules/day`;
      const response = await pages.request({ method: 'GET', path, query: queryOf(asked), signal });
      if (response.status === 404) return [];
      if (response.status !== 200) throw unexpected(response.status);
      return response.json(Day).availabilities;
    },

    appointments:
      fhir &&
      async function* ({ start, end }: Interval, signal: AbortSignal): AsyncGenerator<readonly unknown[]> {
        const query = new URLSearchParams([
          ['date', `ge${formatInstant(start)}`],
          ['date', `lt${formatInstant(end)}`],
        ]);
        let path: string | null = `/Appointment?${query}`;
        let found = 0;
        for (let count = 0; path !== null; count += 1) {
          if (count === PAGES_MAX) throw new Fault('malformed', 'the list of appointments does not end');
          const bundle: z.output<typeof Bundle> = await get(fhir, Bundle, { path, signal });
          found += bundle.entry.length;
          path = nextOf(bundle, settings.appointments?.baseUrl ?? '');
          if (path === null && found < (bundle.total ?? 0)) {
            throw new Fault('unavailable', 'the list of appointments ends before its total');
          }
          yield bundle.entry.map(({ resource }) => resource);
        }
      },

    close: (): void => {
      pages.close();
      fhir?.close();
    },
  };
}

async function get<Schema extends z.ZodType>(
  http: Http,
  schema: Schema,
  request: Omit<HttpRequest, 'method'>,
): Promise<z.output<Schema>> {
  const response = await http.request({ method: 'GET', ...request });
  if (response.status !== 200) throw unexpected(response.status);
  return response.json(schema);
}

const unexpected = (status: number): Fault => new Fault('malformed', `unexpected HTTP ${status}`);

/** Below our base. @throws Fault: credentials go nowhere else. */
function nextOf({ link }: z.output<typeof Bundle>, baseUrl: string): string | null {
  const next = link.find(({ relation }) => relation === 'next')?.url;
  if (next === undefined) return null;
  const base = new URL(baseUrl.replace(/\/$/, ''));
  const prefix = base.pathname === '/' ? '' : base.pathname;
  const to = URL.canParse(next, base.href) ? new URL(next, base.href) : null;
  if (to?.origin === base.origin && to.pathname.startsWith(`${prefix}/`)) {
    return to.pathname.slice(prefix.length) + to.search;
  }
  throw new Fault('malformed', 'the next page of appointments is on another server');
}
