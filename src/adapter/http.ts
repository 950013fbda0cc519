import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosAdapter, type AxiosResponse, isAxiosError } from 'axios';
import type { z } from 'zod';
import type { Clock } from '../domain/environment.ts';
import type { Limits } from './contract.ts';
import { Fault } from './faults.ts';
import type { Pace } from './pace.ts';

/** HTTP towards a platform, for adapters: limits, time-outs and faults in one place, and no retry (the engine's). */

export type HttpRequest = {
  /** PROPFIND: RFC 4918, section 9.1. REPORT: RFC 3253, section 3.6. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'PROPFIND' | 'REPORT';
  /** Below the base URL, with leading slash; its parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** A write whose answer is lost is `unsure`; a reading is simply `unavailable`. Default: every method but GET. */
  readonly writes?: boolean;
  /** Statuses that this caller reads itself, where the platform gives 403 or 500 a meaning of its own. Default: none. */
  readonly answers?: readonly number[];
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body by the platform's schema. @throws Fault `malformed`, or `unsure` after a write: it has landed. */
  readonly json: <Schema extends z.ZodType>(schema: Schema) => z.output<Schema>;
};

export type Http = {
  /**
   * Any status that is an answer comes back, 4xx too: what 404 or 409 means is the adapter's to say.
   * @throws Fault on 401 and 403, 429, 5xx, and everything below HTTP.
   */
  readonly request: (request: HttpRequest) => Promise<HttpResponse>;
  readonly close: () => void;
};

export type HttpOptions = {
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits: Pick<Limits, 'timeoutMilliseconds'>;
  readonly pace: Pace;
  readonly clock: Clock;
  /** In place of the network, for a simulation. */
  readonly transport?: AxiosAdapter | undefined;
};

const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;
/** Errors before a byte of the request was sent: the platform cannot have acted. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export function createHttp(options: HttpOptions): Http {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  const client = axios.create({
    ...agents,
    ...(options.transport ? { adapter: options.transport } : {}),
    baseURL: options.baseUrl,
    // A path that reads as an address of its own would take the credentials to another host.
    allowAbsoluteUrls: false,
    maxContentLength: RESPONSE_BYTES_MAX,
    // Credentials must not follow a redirect to a host that nobody configured.
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transformResponse: (text: string) => text,
    validateStatus: () => true,
  });

  async function request(wanted: HttpRequest): Promise<HttpResponse> {
    const writes = wanted.writes ?? wanted.method !== 'GET';
    const response = await options.pace(() => send(wanted, writes), wanted.signal);
    const fault = faultOf(response, writes, options.clock);
    if (fault && !wanted.answers?.includes(response.status)) throw fault;
    const text = response.data ?? '';
    return {
      status: response.status,
      headers: response.headers as Record<string, string | undefined>,
      text,
      json: (schema) => parse(text, schema, writes),
    };
  }

  async function send(wanted: HttpRequest, writes: boolean): Promise<AxiosResponse<string>> {
    // Over the whole of it: the client's own time-out begins anew with each byte, and a slow drip would never end.
    const limit = AbortSignal.timeout(options.limits.timeoutMilliseconds);
    try {
      return await client.request<string>({
        method: wanted.method,
        url: wanted.path,
        headers: { accept: 'application/json', ...options.headers, ...wanted.headers },
        ...(wanted.query ? { params: wanted.query } : {}),
        ...(wanted.body === undefined ? {} : { data: wanted.body }),
        signal: wanted.signal ? AbortSignal.any([limit, wanted.signal]) : limit,
      });
    } catch (error) {
      const code = isAxiosError(error) ? (error.code ?? 'no code') : 'no code';
      const sent = writes && !NEVER_SENT.has(code);
      // The error of the client holds the request, and so a patient: only its code goes on.
      throw new Fault(sent ? 'unsure' : 'unavailable', `${wanted.method} ${pathOnly(wanted.path)}: ${code}`);
    }
  }

  return {
    request,
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

const pathOnly = (path: string): string => path.split('?')[0] ?? path;

/** The fault that a status stands for, or null when it is an answer. */
function faultOf(response: AxiosResponse<string>, writes: boolean, clock: Clock): Fault | null {
  const { status } = response;
  const where = `${response.config.method?.toUpperCase() ?? ''} ${pathOnly(response.config.url ?? '')}: HTTP ${status}`;
  if (status === 401 || status === 403) return new Fault('unauthorized', where);
  if (status === 429 || status === 503) {
    const wait = retryAfter(response.headers['retry-after'], clock.now());
    const kind = status === 429 ? 'throttled' : 'unavailable';
    return new Fault(kind, where, wait === null ? {} : { retryAfterMilliseconds: wait });
  }
  if (status >= 500) return new Fault(writes ? 'unsure' : 'unavailable', where);
  if (status >= 300 && status < 400 && status !== 304) return new Fault('malformed', `${where}, a redirect`);
  return null;
}

/** Retry-After as milliseconds from now: seconds or an HTTP date (RFC 9110, section 10.2.3). */
export function retryAfter(value: unknown, now: number): number | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function parse<Schema extends z.ZodType>(text: string, schema: Schema, writes: boolean): z.output<Schema> {
  const kind = writes ? 'unsure' : 'malformed';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault(kind, 'the answer is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Fault(kind, `the answer does not fit the contract: ${issuesOf(result.error)}`);
}

/** Where and why, without the values: they may be a patient's. */
export const issuesOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.code}`)
    .join('; ');
