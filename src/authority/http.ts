import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { SECOND } from '../domain/instant.ts';
import { require } from '../fhir/authorize.ts';
import { BULK_PUBLISH } from '../fhir/bulk-publish.ts';
import { asRefused, baseOf, type FhirHandler, type FhirOptions, split } from '../fhir/http.ts';
import { takesGzip } from '../fhir/negotiation.ts';
import { GZIP_LEVEL, sendRefusal } from '../fhir/reply.ts';
import { OPERATION } from './manifest.ts';
import { readParameters } from './parameters.ts';
import {
  createPublication,
  MAX_AGE_MILLISECONDS,
  type PublicationDependencies,
  type Published,
} from './publication.ts';
import { notOffered, notRead, unknownFile } from './refusals.ts';
import { ChangedMeanwhile } from './slot-pages.ts';
import { isConditional, isUnmodified, type Validators } from './validators.ts';

/** $bulk-publish over HTTP. It stands beside the router of src/fhir: its answers are streams, and no resources. */

export type PublicationOptions = PublicationDependencies & Pick<FhirOptions, 'publicUrl' | 'report'>;

// Some clients escape the dollar.
const PATH = /^\/fhir\/(?:\$|%24)bulk-publish(?:\/([^/]*))?$/;
const PATTERN = `/fhir/${OPERATION}`;
/** What an answer says of itself. */
const TYPES: Readonly<Record<Published['kind'], string>> = {
  manifest: 'application/json',
  file: 'application/fhir+ndjson',
};
/** Whoever takes one of these takes it: it is the same JSON, of FHIR or not. */
const TAKEN = ['*/*', 'application/*', 'application/json', 'application/fhir+json', 'text/json'];
const TAKEN_OF_LINES = [...TAKEN, 'application/fhir+ndjson', 'application/ndjson', 'application/x-ndjson'];
/** A client that takes nothing for so long is gone. */
const IDLE_MILLISECONDS = 60 * SECOND;

export const isPublication = (url: string): boolean => PATH.test(split(url).path);

export function publicationHandler(options: PublicationOptions): FhirHandler {
  const publication = createPublication(options);

  const find = (request: IncomingMessage, name: string | undefined, query: string): Published => {
    const strict = request.headers.prefer?.includes('handling=strict') ?? false;
    const asked = readParameters(new URLSearchParams(query), strict);
    const base = baseOf(request, options.publicUrl);
    return name === undefined ? publication.manifest(asked, base) : publication.file(name, asked, base);
  };

  return async (request, response, routed, caller) => {
    try {
      const { path, query } = split(request.url ?? '');
      const match = PATH.exec(path);
      if (!match) throw unknownFile();
      const [, name] = match;
      routed(name === undefined ? PATTERN : `${PATTERN}/:file`);
      require(caller, BULK_PUBLISH.needs);
      if (request.method !== 'GET' && request.method !== 'HEAD') throw notRead();
      const found = find(request, name, query);
      const taken = found.kind === 'file' ? TAKEN_OF_LINES : TAKEN;
      if (!accepts(request.headers.accept, taken)) throw notOffered(TYPES[found.kind]);
      await answer(request, response, found);
    } catch (error) {
      refuse(request, response, error, options.report);
    }
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { kind, validators, open }: Published,
): Promise<void> {
  const isHead = request.method === 'HEAD';
  if (isHead || isConditional(request.headers)) {
    const current = await validators();
    const isKnown = isUnmodified(request.headers, current);
    if (isKnown || isHead) {
      response.writeHead(isKnown ? 304 : 200, headersOf(kind, current)).end();
      return;
    }
  }
  const opened = await open();
  if (response.destroyed) return;
  response.setTimeout(IDLE_MILLISECONDS, () => response.destroy());
  const headers = headersOf(kind, opened.validators);
  // It waits for the client, and ends the reading where that has gone.
  if (takesGzip(request.headers['accept-encoding'])) {
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' });
    await pipeline(opened.texts, createGzip({ level: GZIP_LEVEL }), response);
  } else {
    response.writeHead(200, headers);
    await pipeline(opened.texts, response);
  }
}

const headersOf = (kind: Published['kind'], { etag, lastModified }: Validators) => ({
  'content-type': TYPES[kind],
  etag,
  'last-modified': new Date(lastModified).toUTCString(),
  'cache-control': `max-age=${MAX_AGE_MILLISECONDS / SECOND}`,
  vary: 'Accept-Encoding',
});

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  report: FhirOptions['report'],
): void {
  if (!response.headersSent && !response.destroyed) {
    sendRefusal(request, response, asRefused(error, report));
    return;
  }
  // An answer that is not whole must not look as if it were.
  response.destroy();
  if (!(error instanceof ChangedMeanwhile) && !isGone(error)) report(error);
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

/** @param accept the header, or undefined: then anything will do. */
function accepts(accept: string | undefined, types: readonly string[]): boolean {
  if (accept === undefined) return true;
  return accept.split(',').some((range) => {
    const [type = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
    const isRefused = rest.some((part) => /^q=0(\.0*)?$/.test(part));
    return !isRefused && types.includes(type);
  });
}
