import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookOutcome, WebhookRequest } from '../adapter/contract.ts';
import { jsonIn } from '../adapter/json.ts';
import type { Clock } from '../domain/environment.ts';
import { type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import type { RecordShape, Webhook } from './description.ts';
import { type Expression, NotEvaluated } from './expression.ts';
import type { Normalize } from './normalize.ts';

/** A delivery whose time is further from ours than this is taken for a replay. */
const REPLAY_WINDOW_MILLISECONDS = 5 * MINUTE;
const CALENDARS_MAX = 1_000;

export function createWebhook(
  described: Webhook,
  secret: string,
  clock: Clock,
  normalizerOf: (own: RecordShape | undefined) => Normalize,
): (request: WebhookRequest) => Promise<WebhookOutcome> {
  const { hint, payload } = described;
  const normalize = normalizerOf(payload?.record);
  return async ({ headers, body }) => {
    const refused = refusal(described, secret, headers, body, clock.now());
    if (refused) return { outcome: 'refused', reason: refused };
    const event = jsonIn(body);
    if (event === undefined) return { outcome: 'refused', reason: 'malformed' };
    if (payload) {
      const rows = await said(payload.rows, event);
      if (!Array.isArray(rows)) return { outcome: 'refused', reason: 'malformed' };
      const asked = { calendars: null, calendar: null, answer: event, isChange: true };
      return { outcome: 'payload', ...(await normalize(rows, asked)) };
    }
    if (hint?.calendars === undefined) return { outcome: 'hint', calendars: null };
    const calendars = calendarsIn(await said(hint.calendars, event));
    return calendars ? { outcome: 'hint', calendars } : { outcome: 'refused', reason: 'malformed' };
  };
}

/** Undefined where it cannot be told: what was sent is not as described. */
async function said(expression: Expression, event: unknown): Promise<unknown> {
  try {
    return await expression.evaluate(event);
  } catch (error) {
    if (error instanceof NotEvaluated) return undefined;
    throw error;
  }
}

function calendarsIn(value: unknown): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > CALENDARS_MAX) return null;
  const texts = list.map((each) => (typeof each === 'number' ? String(each) : each));
  return texts.every((each) => typeof each === 'string' && each !== '') ? (texts as string[]) : null;
}

/** Null when the delivery is genuine and fresh. Compares in constant time. */
function refusal(
  { signature, time }: Webhook,
  secret: string,
  headers: WebhookRequest['headers'],
  body: Buffer,
  now: Instant,
): 'signature' | 'replay' | null {
  const said = headers[signature.header.toLowerCase()] ?? '';
  if (!said.startsWith(signature.prefix)) return 'signature';
  const signed = Buffer.from(said.slice(signature.prefix.length), signature.encoding);
  const at = time ? (headers[time.header.toLowerCase()] ?? '') : '';
  if (time && !/^\d{1,15}$/.test(at)) return 'signature';
  const expected = digest(signature.of, secret, at, body);
  if (signed.length !== expected.length || !timingSafeEqual(signed, expected)) return 'signature';
  const sentAt = Number(at) * (time?.unit === 'seconds' ? SECOND : 1);
  return time && Math.abs(now - sentAt) > REPLAY_WINDOW_MILLISECONDS ? 'replay' : null;
}

/** HMAC-SHA256 (RFC 2104) over what the description says, over the raw bytes of the body. */
function digest(of: string, secret: string, time: string, body: Buffer): Buffer {
  const hmac = createHmac('sha256', secret);
  for (const part of of.split(/(\{time\}|\{body\})/)) {
    if (part === '{body}') hmac.update(body);
    else hmac.update(part === '{time}' ? time : part);
  }
  return hmac.digest();
}
