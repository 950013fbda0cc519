import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Bundle, OperationOutcome } from 'fhir/r4.js';
import type { Answer } from './answer.ts';
import { etagOf, isKnown } from './conditional.ts';
import { languageOf } from './language.ts';
import { FHIR_JSON, type MediaType, takesGzip } from './negotiation.ts';
import { OUTCOMES, operationOutcome, type Refused } from './outcomes.ts';

/** Answers as HTTP. */

const compressed = promisify(gzip);
/** A shorter answer fits into one packet as it is. */
const GZIP_BYTES_MIN = 1_400;
/** A page of slots is a twelfth then; more effort costs several times as much, and makes it a fourteenth. */
export const GZIP_LEVEL = 1;

export type Reply = {
  readonly type: MediaType;
  /** Base URL, without a slash at its end. */
  readonly base: string;
  readonly pretty: boolean;
  /** It may be answered with 304: nothing was done, and what is told is one version of one resource. */
  readonly mayBeKnown: boolean;
};

const STATUS: Readonly<Record<Exclude<Answer['outcome'], 'deleted'>, number>> = { ok: 200, created: 201 };

export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { outcome, text, version, path }: Answer,
  { type, base, pretty, mayBeKnown }: Reply,
): Promise<void> {
  if (outcome === 'deleted') {
    response.writeHead(204, { 'cache-control': 'no-store' }).end();
    return;
  }
  const headers: Record<string, string | number> = {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    vary: 'Accept, Accept-Encoding, Accept-Language',
  };
  if (version) {
    headers['etag'] = etagOf(version);
    headers['last-modified'] = new Date(version.updatedMs).toUTCString();
    if (mayBeKnown && isKnown(request.headers, version)) {
      response.writeHead(304, headers).end();
      return;
    }
  }
  if (path !== null) headers['location'] = `${base}/${path}`;
  const body = Buffer.from(pretty ? JSON.stringify(JSON.parse(text), null, 2) : text);
  const small = body.length < GZIP_BYTES_MIN || !takesGzip(request.headers['accept-encoding']);
  const sent = small ? body : await compressed(body, { level: GZIP_LEVEL });
  if (!small) headers['content-encoding'] = 'gzip';
  headers['content-length'] = sent.length;
  response.writeHead(STATUS[outcome], headers).end(sent);
}

/** Answers with an OperationOutcome, as every error of this server is answered, outside of `/fhir` too. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, refused: Refused): void {
  const language = languageOf(request.headers['accept-language']);
  const outcome = operationOutcome('error', refused.outcome, refused.issues, language);
  const text = JSON.stringify(refused.isInBundle ? alone(outcome) : outcome);
  response.writeHead(OUTCOMES[refused.outcome].status, {
    'content-type': `${FHIR_JSON}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'content-language': language,
    'cache-control': 'no-store',
    vary: 'Accept-Language',
    ...refused.headers,
  });
  response.end(text);
}

const alone = (resource: OperationOutcome): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: 0,
  entry: [{ resource, search: { mode: 'outcome' } }],
});
