import type { Instant } from '../../domain/instant.ts';
import { conditionsOf, generatedAt, validatorsOf } from '../conditional.ts';
import type { Connect } from '../contract.ts';
import { Fault } from '../faults.ts';
import { createHttp, type HttpBody } from '../http.ts';
import { addressOf } from './address.ts';
import { BYTES_MAX, HEAD_BYTES, type PublishedDocument } from './document.ts';
import { textOf } from './text.ts';

/** One document over HTTP: a conditional GET (RFC 9110, section 13). Its address may be a credential, and is in no message. */

export type WebSource = {
  readonly url: string;
  /** For HTTP Basic, both or none. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly accept: string;
  /** How messages name it. */
  readonly label: string;
};

type Options = Pick<Connect<never>, 'limits' | 'pace' | 'targets' | 'environment' | 'transport'>;

export function openWebDocument(
  { url, username, password, accept, label }: WebSource,
  { limits, pace, targets, environment, transport }: Options,
): PublishedDocument {
  const address = addressOf(url);
  if (!address) throw new RangeError('the settings were not checked');
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const http = createHttp({
    baseUrl: address.origin,
    headers: { accept, ...(username === undefined ? {} : { authorization: `Basic ${basic}` }) },
    limits,
    pace,
    targets,
    clock: environment.clock,
    transport,
  });

  async function open(headers: Record<string, string>, signal: AbortSignal): Promise<HttpBody> {
    const body = await http.open({ path: address?.path ?? '/', label, headers, signal, bytesMax: BYTES_MAX });
    if (body.status !== 200) body.close();
    // Who withdraws such an address, or gives another, leaves nothing at the old one.
    if (body.status === 404 || body.status === 410) {
      throw new Fault('unauthorized', `${label}: HTTP ${body.status}; it may have another address now`);
    }
    if (body.status !== 200 && body.status !== 304) {
      throw new Fault('malformed', `${label}: HTTP ${body.status}`);
    }
    return body;
  }

  const trueAtOf = ({ headers }: HttpBody): Instant | null => {
    const now = environment.clock.now();
    const at = generatedAt(headers, now);
    return at < now ? at : null;
  };

  return {
    async get(known, signal) {
      const body = await open(conditionsOf(known), signal);
      const trueAt = trueAtOf(body);
      if (body.status === 304) {
        if (known === null) throw new Fault('malformed', `${label}: 304 to a plain request`);
        return { kind: 'same', trueAt };
      }
      const parts: Uint8Array[] = [];
      for await (const part of body.chunks) parts.push(part);
      return {
        kind: 'text',
        text: textOf(Buffer.concat(parts), body.headers['content-type']),
        validators: validatorsOf(body.headers),
        trueAt,
      };
    },
    async head(signal) {
      const body = await open({}, signal);
      const parts: Uint8Array[] = [];
      for await (const part of body.chunks) {
        parts.push(part);
        if (parts.reduce((sum, { length }) => sum + length, 0) >= HEAD_BYTES) break;
      }
      return Buffer.concat(parts).toString('latin1').replaceAll('\0', '');
    },
    close: () => http.close(),
  };
}
