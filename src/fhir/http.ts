import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../domain/access.ts';
import type { Clock } from '../domain/environment.ts';
import type { Auditor } from '../engine/ports/audit.ts';
import { ok } from './answer.ts';
import { auditing } from './auditing.ts';
import { batch } from './batch.ts';
import { parseJson, readBody } from './body.ts';
import type { Front } from './front.ts';
import { languageOf } from './language.ts';
import { negotiate, requireForm, requireJson, requireJsonPatch } from './negotiation.ts';
import { agentOf } from './origin.ts';
import { failed, Refused } from './outcomes.ts';
import { type Call, type Handling, type Parameters, perform } from './perform.ts';
import { send, sendRefusal } from './reply.ts';
import { createRouter } from './router.ts';

/** The rim: HTTP to handlers and back. It stands before any framework, because a search is answered in its time. */

export type FhirOptions = {
  readonly front: Front;
  readonly clock: Pick<Clock, 'now'>;
  readonly auditor: Auditor;
  /** Where clients reach this server, without a slash at its end; null = where the request says (Host). */
  readonly publicUrl: string | null;
  /** Keeps an error that nobody foresaw; returns the id under which it is told to the client. */
  readonly report: (error: unknown) => string;
};

/**
 * Answers one request below `/fhir`. Resolves when it has answered, and never rejects.
 * @param routed is told the pattern of the route, if there is one, before the answer goes out.
 */
export type FhirHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  routed: (pattern: string) => void,
  caller: Principal,
) => Promise<void>;

const PREFIX = '/fhir';
const HOST = /^[A-Za-z0-9.\-_:[\]]{1,255}$/;

export function fhirHandler(options: FhirOptions): FhirHandler {
  const { front } = options;
  const routeOf = createRouter(front.resources, front.operations);
  const { capabilities, subsets, refuseUnknownElements, reverseChains } = front;
  const shared = { subsets, refuseUnknownElements, reverseChains };
  const batching = {
    routeOf,
    capabilities,
    ...shared,
    asRefused: (error: unknown) => asRefused(error, options.report),
  };

  return async (request, response, routed, caller) => {
    try {
      const { path, query } = split(request.url ?? '');
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
      const isBatch = method === 'POST' && /^\/?$/.test(path.slice(PREFIX.length));
      const route = isBatch ? null : routeOf(method, path.slice(PREFIX.length));
      routed(route?.pattern ?? PREFIX);
      const parameters = query === '' ? [] : [...new URLSearchParams(query)];
      const type = negotiate(request.headers.accept, formatOf(parameters));
      const language = languageOf(request.headers['accept-language']);
      const context = {
        base: baseOf(request, options.publicUrl),
        zone: front.zone,
        language,
        caller,
        now: options.clock.now(),
      };
      const audited = auditing(options.auditor, caller, () => agentOf(request, caller));
      const answer =
        route === null
          ? await batch({ ...batching, audited }, await jsonOf(request), handlingOf(request), context)
          : route.interaction === 'capabilities'
            ? ok(front.capabilities(context))
            : await perform(route, callOf(request, method, parameters), context, { ...shared, audited });
      await send(request, response, answer, {
        type,
        base: context.base,
        pretty: parameters.some(([name, value]) => name === '_pretty' && value === 'true'),
        mayBeKnown: route?.interaction === 'read' || route?.interaction === 'vread',
      });
    } catch (error) {
      if (!response.destroyed) sendRefusal(request, response, asRefused(error, options.report));
    }
  };
}

/** Its body is read when it is asked for. */
const callOf = (request: IncomingMessage, method: string, parameters: Parameters): Call => ({
  method,
  parameters,
  handling: handlingOf(request),
  ifMatch: request.headers['if-match'],
  ifNoneMatch: request.headers['if-none-match'],
  ifNoneExist: headerOf(request, 'if-none-exist'),
  body: () => jsonOf(request),
  patch: async () => {
    requireJsonPatch(request.headers['content-type']);
    return parseJson(await readBody(request));
  },
  optionalBody: async () => {
    const text = await readBody(request);
    if (text === '') return undefined;
    requireJson(request.headers['content-type']);
    return parseJson(text);
  },
  form: async () => {
    requireForm(request.headers['content-type']);
    return [...new URLSearchParams(await readBody(request))];
  },
});

/** Node gives those that it does not know as text, or as a list where there are several. */
const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined =>
  headers[name] === undefined ? undefined : String(headers[name]);

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  requireJson(request.headers['content-type']);
  return parseJson(await readBody(request));
}

function handlingOf({ headers: { prefer = '' } }: IncomingMessage): Handling {
  if (prefer.includes('handling=strict')) return 'strict';
  return prefer.includes('handling=lenient') ? 'lenient' : null;
}

export function split(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

const formatOf = (parameters: Parameters): string | null =>
  parameters.find(([name]) => name === '_format')?.[1] ?? null;

/** The URL of this front, for its client. @throws Refused on a Host that is not one: it goes into every link of the answer. */
export function baseOf(request: IncomingMessage, publicUrl: string | null): string {
  if (publicUrl !== null) return publicUrl + PREFIX;
  const { host } = request.headers;
  if (host !== undefined && HOST.test(host)) return `http://${host}${PREFIX}`;
  throw new Refused('bad-request', {
    diagnostics: { fr: 'Host : ce n’est pas un hôte', en: 'Host: not a host' },
    expression: 'http.Host',
  });
}

export const asRefused = (error: unknown, report: FhirOptions['report']): Refused =>
  error instanceof Refused ? error : failed(report(error));
