import axios, { type AxiosAdapter, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import type { z } from 'zod';
import type { Clock } from '../domain/environment.ts';
import { createAgents } from './agents.ts';
import type { Limits } from './contract.ts';
import { Fault } from './faults.ts';
import { bounded, discard } from './http-body.ts';
import { faultOfError, forbidden } from './network-faults.ts';
import type { Pace } from './pace.ts';
import type { Targets } from './targets.ts';

/** HTTP towards a platform, for adapters: limits, time-outs and faults in one place, and no retry (the engine's). */

export type HttpRequest = {
  /** PROPFIND: RFC 4918, section 9.1. REPORT: RFC 3253, section 3.6. */
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'PROPFIND' | 'REPORT';
  /** Below the base URL, with leading slash; its parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** A write whose answer is lost is `unsure`; a reading is simply `unavailable`. Default: every method but GET and HEAD. */
  readonly writes?: boolean;
  /** What faults say in place of the path, where that is a secret. */
  readonly label?: string;
  /** Statuses that this caller reads itself, where the platform gives 403 or 500 a meaning of its own. Default: none. */
  readonly answers?: readonly number[] | 'all';
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body by the platform's schema. @throws Fault `malformed`, or `unsure` after a write: it has landed. */
  readonly json: <Schema extends z.ZodType>(schema: Schema) => z.output<Schema>;
};

/** A reading whose answer is taken bit by bit. */
export type HttpDownload = Omit<HttpRequest, 'method' | 'body' | 'writes' | 'answers'> & {
  /** Of the body, once it is decompressed. */
  readonly bytesMax: number;
};

export type HttpBody = Pick<HttpResponse, 'status' | 'headers'> & {
  /**
   * To be gone through once, to its end or to where it is left. @throws Fault `unavailable` when it breaks off or stalls,
   * `malformed` beyond `bytesMax`.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Lets the connection go, where the chunks were not begun. */
  readonly close: () => void;
};

export type Http = {
  /**
   * Any status that is an answer comes back, 4xx too: what 404 or 409 means is the adapter's to say.
   * A reading follows redirects to the same origin; no call goes to another.
   * @throws Fault on 401 and 403, 429, 5xx, other redirects, a target that is not allowed, and everything below HTTP.
   */
  readonly request: (request: HttpRequest) => Promise<HttpResponse>;
  /**
   * The same of a GET, once the body begins. The time-out is over what comes before it, and then over each wait for more;
   * who takes the body slowly is not hurried.
   */
  readonly open: (request: HttpDownload) => Promise<HttpBody>;
  readonly close: () => void;
};

export type HttpOptions = {
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits: Pick<Limits, 'timeoutMilliseconds'>;
  readonly pace: Pace;
  /** Where it may call: the address of each connection is looked at as it is made. */
  readonly targets: Targets;
  readonly clock: Pick<Clock, 'now'>;
  /** In place of the network, for a simulation. */
  readonly transport?: AxiosAdapter | undefined;
};

/** Of the body, once it is decompressed. Node itself bounds the headers, by 16 KiB. */
const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;
const REDIRECTS_MAX = 3;

export function createHttp(options: HttpOptions): Http {
  const { close, ...agents } = createAgents(options.targets);
  const base = new URL(options.baseUrl);
  const client = axios.create({
    ...agents,
    ...(options.transport ? { adapter: options.transport } : {}),
    baseURL: options.baseUrl,
    // A path that reads as an address of its own would take the credentials to another host.
    allowAbsoluteUrls: false,
    maxContentLength: RESPONSE_BYTES_MAX,
    // Credentials must not follow a redirect to a host that nobody configured: see `elsewhere`.
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transformResponse: (text: string) => text,
    validateStatus: () => true,
  });

  async function request(wanted: HttpRequest): Promise<HttpResponse> {
    const writes = wanted.writes ?? !['GET', 'HEAD'].includes(wanted.method);
    const response = await following(wanted, writes, (hop) => send(hop, writes));
    const fault = faultOf(response, whereOf(wanted, response), writes, options.clock);
    const isAwaited = wanted.answers === 'all' || wanted.answers?.includes(response.status);
    if (fault && !isAwaited) throw fault;
    const text = response.data ?? '';
    return {
      status: response.status,
      headers: response.headers as Record<string, string | undefined>,
      text,
      json: (schema) => parse(text, schema, writes),
    };
  }

  async function open({ bytesMax, ...rest }: HttpDownload): Promise<HttpBody> {
    const wanted: HttpRequest = { ...rest, method: 'GET' };
    const stallMilliseconds = options.limits.timeoutMilliseconds;
    const response = await following(wanted, false, async (hop) => {
      const opened = await begin(hop);
      // Of a redirect, or a status that is a fault, nobody takes the body.
      if (opened.status >= 300) discard(opened.data);
      return opened;
    });
    const where = whereOf(wanted, response);
    const fault = faultOf(response, where, false, options.clock);
    if (fault) throw fault;
    const chunks = bounded(response.data, where, {
      bytesMax,
      stallMilliseconds,
      signal: wanted.signal,
    });
    const headers = response.headers as HttpBody['headers'];
    return { status: response.status, headers, chunks, close: () => discard(response.data) };
  }

  /** Each hop is a call of its own to the platform. */
  async function following<Body>(
    first: HttpRequest,
    writes: boolean,
    hop: (wanted: HttpRequest) => Promise<AxiosResponse<Body>>,
  ): Promise<AxiosResponse<Body>> {
    let wanted = first;
    for (let hops = 0; ; hops += 1) {
      const response = await options.pace(() => hop(wanted), wanted.signal);
      const path = writes || hops === REDIRECTS_MAX ? null : elsewhere(response, base, wanted.path);
      if (path === null) return response;
      wanted = { ...wanted, path, query: {} };
    }
  }

  /** Over the whole of it: the client's own time-out begins anew with each byte, and a slow drip would never end. */
  const send = (wanted: HttpRequest, writes: boolean): Promise<AxiosResponse<string>> =>
    exchange<string>(wanted, writes, AbortSignal.timeout(options.limits.timeoutMilliseconds), {});

  /** Up to the body, which has time-outs of its own. */
  async function begin(wanted: HttpRequest): Promise<AxiosResponse<unknown>> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), options.limits.timeoutMilliseconds);
    try {
      return await exchange<unknown>(wanted, false, late.signal, {
        responseType: 'stream',
        // Bounded here: the client's own bound cannot be destroyed while it waits for more.
        maxContentLength: -1,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async function exchange<Body>(
    wanted: HttpRequest,
    writes: boolean,
    limit: AbortSignal,
    config: AxiosRequestConfig,
  ): Promise<AxiosResponse<Body>> {
    const call = { where: whereOf(wanted), host: base.hostname, writes };
    // A URL that has an address in it is never looked up.
    const refused = options.targets.problemOfAddress(options.baseUrl);
    if (refused !== null) throw forbidden(refused, call);
    try {
      return await client.request<Body>({
        ...config,
        method: wanted.method,
        url: wanted.path,
        headers: { accept: 'application/json', ...options.headers, ...wanted.headers },
        ...(wanted.query ? { params: wanted.query } : {}),
        ...(wanted.body === undefined ? {} : { data: wanted.body }),
        signal: wanted.signal ? AbortSignal.any([limit, wanted.signal]) : limit,
      });
    } catch (error) {
      throw faultOfError(error, call);
    }
  }

  return { request, open, close };
}

/** Those that leave the method as it is, or may (RFC 9110, section 15.4); 303 asks for another one. */
const REDIRECTS = new Set([301, 302, 307, 308]);

/** The path below the base to which a reading is redirected; null = it is not, or not to there. */
function elsewhere(response: AxiosResponse<unknown>, base: URL, path: string): string | null {
  const location: unknown = response.headers['location'];
  if (!REDIRECTS.has(response.status) || typeof location !== 'string') return null;
  const prefix = base.pathname.replace(/(?<!\/)\/+$/, '');
  const from = `${base.origin}${prefix}${path}`;
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  const isBelow = to?.origin === base.origin && to.pathname.startsWith(`${prefix}/`);
  return isBelow ? to.pathname.slice(prefix.length) + to.search : null;
}

/** @param response where redirects have led. */
const whereOf = (
  { method, path, label }: HttpRequest,
  response?: Pick<AxiosResponse<unknown>, 'config'>,
): string => `${method} ${label ?? (response?.config.url ?? path).split('?')[0] ?? path}`;

/** The fault that a status stands for, or null when it is an answer. */
function faultOf(
  response: AxiosResponse<unknown>,
  called: string,
  writes: boolean,
  clock: HttpOptions['clock'],
): Fault | null {
  const { status } = response;
  const where = `${called}: HTTP ${status}`;
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
