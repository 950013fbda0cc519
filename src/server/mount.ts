import type { IRouter, Request, RequestHandler, Response } from 'express';
import { parseJson, readBody } from '../fhir/body.ts';
import { bodyAs } from '../fhir/incoming.ts';
import { requireJson } from '../fhir/negotiation.ts';
import { ofAll, onDuty } from './authentication.ts';
import { tellAnswer } from './contract/answer-channel.ts';
import { readQuery } from './contract/parameter.ts';
import { type BodyOf, dutyOf, type ParamsOf, type QueryOf, type Route, type Say } from './contract/route.ts';

/** Declared routes on Express: who may is looked at first, and what is answered has the type that was declared. */

export type Asked<R extends Route> = {
  readonly request: Request;
  readonly params: ParamsOf<R>;
  /** Read when it is asked for, as a handler may have something to refuse before. @throws Refused */
  readonly query: () => QueryOf<R>;
  /** To be asked for once. @throws Refused with all that is wrong with it. */
  readonly body: () => Promise<BodyOf<R>>;
};

declare const replied: unique symbol;
/** That something was answered: only `reply` gives it. */
type Replied = { readonly [replied]: true };

/**
 * Answers JSON.
 * @param before what stands between the guards and the handler.
 */
export function mount<const R extends Route>(
  router: IRouter,
  route: R,
  handler: (asked: Asked<R> & { readonly reply: Say<R, Replied> }) => Replied | Promise<Replied>,
  ...before: RequestHandler[]
): void {
  router[route.method](route.path, ...guardsOf(route), ...before, async (request, response) => {
    const reply = (status: number, body: unknown): Replied => {
      tellAnswer(route, status, body);
      response.status(status).setHeader('cache-control', 'no-store');
      response.json(body);
      return {} as Replied;
    };
    await handler({ ...askedOf(route, request), reply });
  });
}

/** Whatever is no JSON text in one piece: the handler writes the answer by itself, and says what it writes. */
export function mountRaw<const R extends Route>(
  router: IRouter,
  route: R,
  handler: (asked: Asked<R>, response: Response, say: Say<R, void>) => unknown,
): void {
  router[route.method](route.path, ...guardsOf(route), (request, response) =>
    handler(askedOf(route, request), response, (status, body) => tellAnswer(route, status, body)),
  );
}

function guardsOf(route: Route): RequestHandler[] {
  const duty = dutyOf(route);
  return [...(duty === null ? [] : [onDuty(duty)]), ...(route.ofAll ? [ofAll] : [])];
}

/** The one place where what was read and what was declared meet: zod has made the one of the other. */
const askedOf = <R extends Route>(route: R, request: Request): Asked<R> => ({
  request,
  params: request.params as ParamsOf<R>,
  query: () => {
    if (!route.query) throw new Error(`${route.id} declares no query`);
    return readQuery(route.query, request.query) as QueryOf<R>;
  },
  body: async () => {
    if (!route.body) throw new Error(`${route.id} declares no body`);
    const { schema, otherKeys, bytesMax } = route.body;
    requireJson(request.headers['content-type']);
    return bodyAs(schema, parseJson(await readBody(request, bytesMax)), otherKeys) as BodyOf<R>;
  },
});
