import type { ServerResponse } from 'node:http';
import express, { type Request, type Router } from 'express';
import { nameOf } from '../domain/access.ts';
import type { Clock } from '../domain/environment.ts';
import { MINUTE, SECOND } from '../domain/instant.ts';
import type { StreamEvent, Streamed, Streams } from '../engine/ports/subscriptions.ts';
import type { CriteriaReader } from '../fhir/criteria.ts';
import { baseOf } from '../fhir/http.ts';
import { Refused } from '../fhir/outcomes.ts';
import { callerOf } from './authentication.ts';
import { streamEvents } from './contract/events.ts';
import { mountRaw } from './mount.ts';

/** Server-sent events (WHATWG HTML, section 9.2): slots and appointments as they change, for whoever shows them. */

export type EventsDependencies = {
  readonly streams: Streams;
  readonly criteria: Pick<CriteriaReader, 'check'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly publicUrl: string | null;
  readonly report: (error: unknown) => string;
};

const RETRY_MILLISECONDS = 2_000;
const RETRY_AFTER_SECONDS = '30';
/**
 * What a caller may is looked at as a stream is opened, so none outlives a session, a token or a person's rights by more than
 * this: it ends, and the client opens it again where it was (WHATWG HTML, section 9.2.3).
 */
const OPEN_MILLISECONDS = 5 * MINUTE;
/** Who takes nothing for so long is let go, and may come back to where it was. */
const DRAIN_MILLISECONDS = 30 * SECOND;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // What nginx would gather before it passes it on.
  'x-accel-buffering': 'no',
};

export function events({ streams, criteria, clock, publicUrl, report }: EventsDependencies): Router {
  const router = express.Router();
  mountRaw(router, streamEvents, async ({ request, query }, response) => {
    const wanted = await wantedBy(request, query().criteria, criteria, publicUrl);
    // Express takes HEAD for GET, and a stream has no end.
    if (request.method === 'HEAD') {
      response.writeHead(200, HEADERS).end();
      return;
    }
    const left = new AbortController();
    const end = () => left.abort();
    response.once('close', end);
    clock.sleep(OPEN_MILLISECONDS, left.signal).then(end, () => undefined);
    const stream = streams.open(
      nameOf(callerOf(request)),
      wanted,
      request.get('last-event-id') ?? null,
      left.signal,
    );
    if (!stream) throw tooMany();
    response.writeHead(200, HEADERS);
    try {
      response.write(`retry: ${RETRY_MILLISECONDS}\n\n`);
      for await (const event of stream) {
        if (!response.write(textOf(event)) && !(await isDrained(response, clock, left.signal))) {
          response.destroy();
          break;
        }
      }
      response.end();
    } catch (error) {
      // It goes on where it was when it is opened again.
      report(error);
      response.destroy();
    }
  });
  return router;
}

/** @throws Refused on criteria that are no search here. */
async function wantedBy(
  request: Request,
  all: readonly string[],
  { check }: Pick<CriteriaReader, 'check'>,
  publicUrl: string | null,
): Promise<readonly Streamed[]> {
  const base = baseOf(request, publicUrl);
  const caller = callerOf(request);
  const { organizationId } = caller;
  return Promise.all(
    all.map(async (criteria): Promise<Streamed> => {
      const checked = await check(criteria, base, caller);
      if (!('refused' in checked)) return { resourceType: checked.type, criteria, base, organizationId };
      throw new Refused(
        'invalid-parameter',
        checked.refused.map((issue) => ({ ...issue, expression: 'http.criteria' })),
      );
    }),
  );
}

const tooMany = (): Refused =>
  new Refused(
    'too-many-streams',
    {
      diagnostics: {
        fr: 'ce serveur, ou ce client, a autant de flux ouverts qu’il peut : fermez-en, ou réessayez plus tard',
        en: 'this server, or this client, has as many streams open as it may: close some, or try again later',
      },
    },
    { 'retry-after': RETRY_AFTER_SECONDS },
  );

function textOf(event: StreamEvent): string {
  if (event.type === 'alive') return `: alive\nid: ${event.id}\n\n`;
  const data = event.type === 'reset' ? '{}' : event.data;
  return `event: ${event.type}\nid: ${event.id}\ndata: ${data}\n\n`;
}

/** False = the client takes nothing, or is gone. */
async function isDrained(
  response: ServerResponse,
  clock: Pick<Clock, 'sleep'>,
  left: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const late = clock.sleep(DRAIN_MILLISECONDS, AbortSignal.any([over.signal, left])).then(
    () => false,
    () => false,
  );
  const drained = new Promise<boolean>((resolve) => {
    response.once('drain', () => resolve(true));
  });
  try {
    return await Promise.race([drained, late]);
  } finally {
    over.abort();
  }
}
