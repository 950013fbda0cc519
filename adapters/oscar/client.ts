import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../../src/adapter/http.ts';
import type { Day } from './local.ts';
import type { Settings } from './manifest.ts';
import { authorization } from './oauth.ts';
import { Added, DayList, type NewAppointment, Providers, Statuses } from './wire.ts';

/** The calls of OSCAR's schedule service. */

const SERVICE = '/ws/services/schedule';
const PROVIDERS = '/ws/services/providerService/providers_json';

export type Client = ReturnType<typeof createClient>;

export function createClient({ settings, limits, pace, targets, environment, transport }: Connect<Settings>) {
  const { clock, ids } = environment;
  const http = createHttp({ baseUrl: settings.baseUrl, limits, pace, targets, clock, transport });
  const signedBase = (settings.signedBaseUrl ?? settings.baseUrl).replace(/(?<!\/)\/+$/, '');

  async function call(request: Omit<HttpRequest, 'headers'>): Promise<HttpResponse> {
    const url = `${signedBase}${request.path}`;
    const timestamp = Math.floor(clock.now() / 1000);
    const signed = authorization({ method: request.method, url, nonce: ids.next(), timestamp }, settings);
    const response = await http.request({ ...request, headers: { authorization: signed } });
    // A redirect of a reading is followed by what was signed for another address, so it would come back as 401.
    if (response.status === 200) return response;
    const kind = request.method === 'GET' ? 'malformed' : 'unsure';
    throw new Fault(kind, `unexpected HTTP ${response.status} to ${request.method} ${request.path}`);
  }

  return {
    check: async (signal: AbortSignal): Promise<void> => {
      (await call({ method: 'GET', path: `${SERVICE}/statuses`, signal })).json(Statuses);
    },

    /** The raw providers who are active. */
    providers: async (signal: AbortSignal): Promise<readonly unknown[]> =>
      (await call({ method: 'GET', path: PROVIDERS, signal })).json(Providers).content,

    /** The raw records of one provider's day: OSCAR leaves out those of status C and no others. */
    day: async (providerNo: string, day: Day, signal?: AbortSignal): Promise<readonly unknown[]> => {
      const path = `${SERVICE}/${encodeURIComponent(providerNo)}/day/${day}`;
      return (await call({ method: 'GET', path, ...(signal ? { signal } : {}) })).json(DayList).patients;
    },

    /** Answers the number of the appointment. */
    add: async (body: NewAppointment): Promise<number> =>
      (await call({ method: 'POST', path: `${SERVICE}/add`, body })).json(Added).appointment.id,

    remove: async (id: number): Promise<void> => {
      await call({ method: 'POST', path: `${SERVICE}/deleteAppointment`, body: { id } });
    },

    close: http.close,
  };
}
