import type { Readable } from 'node:stream';
import axios, { type AxiosResponse, isAxiosError } from 'axios';
import { createAgents } from '../adapter/agents.ts';
import { retryAfter } from '../adapter/http.ts';
import { isRefusal, type Targets } from '../adapter/targets.ts';
import type { Clock } from '../domain/environment.ts';
import type { SubscriptionSecrets, Trouble } from '../engine/ports/subscriptions.ts';
import { signed } from './sign.ts';

/** One attempt to tell a subscriber, and what it answered. */

export type Notification = {
  /** The same for each attempt. */
  readonly id: string;
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  /** Null = it has no body. */
  readonly body: { readonly type: string; readonly text: string } | null;
};

export type Sent =
  | { readonly outcome: 'delivered' }
  | {
      readonly outcome: 'failed';
      readonly trouble: Trouble;
      /** What the target asks for. Null = nothing. */
      readonly retryAfterMilliseconds: number | null;
    };

export type Sender = {
  /** Never rejects. */
  readonly send: (notification: Notification, secrets: SubscriptionSecrets) => Promise<Sent>;
  readonly close: () => void;
};

/** Over the whole of it. */
const TIMEOUT_MILLISECONDS = 15_000;
/** Nothing of an answer is used but its status: it is read so that the connection can be used again, if it is short. */
const ANSWER_BYTES_MAX = 16 * 1024;

const TIMEOUTS = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED']);

export function createSender(
  targets: Targets,
  clock: Pick<Clock, 'now'>,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
): Sender {
  const { close, ...agents } = createAgents(targets);
  const client = axios.create({
    ...agents,
    proxy: false,
    // Nobody has looked at where it leads.
    maxRedirects: 0,
    responseType: 'stream',
    decompress: false,
    validateStatus: () => true,
  });

  async function send(
    { id, method, url, body }: Notification,
    { secret, headers }: SubscriptionSecrets,
  ): Promise<Sent> {
    // A URL that has an address in it is never looked up.
    if (targets.problemOfAddress(url) !== null) return failed({ kind: 'forbidden-address' });
    try {
      const response = await client.request<Readable>({
        method,
        url,
        headers: {
          accept: '*/*',
          'user-agent': 'Passerelle',
          ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
          // False: the client would make one up.
          'content-type': body ? body.type : false,
          ...signed(secret, id, clock.now(), body?.text ?? ''),
        },
        ...(body ? { data: Buffer.from(body.text) } : {}),
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      drain(response.data);
      return outcomeOf(response, clock);
    } catch (error) {
      // The error of the client holds the request with its headers: only its code goes on.
      return failed(troubleOf(isAxiosError(error) ? (error.code ?? 'unknown') : 'unknown'));
    }
  }

  return { send, close };
}

const failed = (trouble: Trouble, retryAfterMilliseconds: number | null = null): Sent => ({
  outcome: 'failed',
  trouble,
  retryAfterMilliseconds,
});

/** What each status means is Standard Webhooks' («Delivery success and failure»). */
function outcomeOf({ status, headers }: AxiosResponse, clock: Pick<Clock, 'now'>): Sent {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  if (status === 410) return failed({ kind: 'gone' });
  if (status >= 300 && status < 400) return failed({ kind: 'redirect' });
  return failed({ kind: 'status', status }, retryAfter(headers['retry-after'], clock.now()));
}

function troubleOf(code: string): Trouble {
  if (isRefusal(code)) return { kind: 'forbidden-address' };
  return TIMEOUTS.has(code) ? { kind: 'timeout' } : { kind: 'unreachable', code };
}

function drain(answer: Readable): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) answer.destroy();
  });
  // Its status is known, and that is all.
  answer.on('error', () => undefined);
}
