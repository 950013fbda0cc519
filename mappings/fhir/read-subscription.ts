import { z } from 'zod';
import type { Instant } from '../../src/domain/instant.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import type { Payload } from '../../src/engine/ports/subscriptions.ts';
import { type Finding, parseAs, refusal } from './findings.ts';
import { InstantText } from './instant-text.ts';
import { MASK } from './subscription.ts';

/** An R4 Subscription that somebody sent us, checked: R4 4.0.1, Subscription. Its criteria and its target are not. */

export type ReadSubscription = {
  readonly id: string | null;
  readonly status: 'requested' | 'off';
  readonly reason: string;
  readonly criteria: string;
  /** ContactPoints as JSON. */
  readonly contact: string | null;
  readonly end: Instant | null;
  readonly endpoint: string;
  readonly payload: Payload | null;
  /** A value that is null is the one that is known already: it was sent as a read shows it. */
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
};

export type SubscriptionReading =
  | { readonly outcome: 'read'; readonly subscription: ReadSubscription }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

const STATUSES = ['requested', 'active', 'error', 'off'] as const;
const CHANNELS = ['rest-hook', 'websocket', 'email', 'sms', 'message'] as const;
const PAYLOADS: readonly Payload[] = ['application/fhir+json', 'application/json'];

/** A field of HTTP: a token, and a value without control characters (RFC 9110, section 5). */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*((?:[\x21-\x7e\x80-\xff][\x20-\x7e\x80-\xff]*)?)$/;
/** What a client of HTTP says itself, and what we say. */
const OURS =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept.*|proxy-.*|webhook-.*)$/i;

const Endpoint = z
  .string()
  .max(2_000)
  .refine(
    (text) => isTarget(text),
    refusal(
      {
        fr: 'il faut une adresse absolue, http ou https, sans nom d’utilisateur ni fragment',
        en: 'must be an absolute address, http or https, without a user name and a fragment',
      },
      'value',
    ),
  );

const Header = z
  .string()
  .max(4_000)
  .refine(
    (text) => HEADER.test(text),
    refusal(
      {
        fr: 'il faut un champ HTTP, comme « Authorization: Bearer … »',
        en: 'must be a field of HTTP, such as «Authorization: Bearer …»',
      },
      'value',
    ),
  )
  .refine(
    (text) => !OURS.test(HEADER.exec(text)?.[1] ?? ''),
    refusal(
      { fr: 'ce champ est dit par ce serveur lui-même', en: 'this field is said by this server itself' },
      'value',
    ),
  );

const Subscription = z.object({
  resourceType: z.literal('Subscription'),
  id: z.string().optional(),
  modifierExtension: z.array(z.unknown()).optional(),
  status: z.enum(STATUSES),
  contact: z
    .array(
      z.object({
        system: z.enum(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']).optional(),
        value: z.string().min(1).max(200).optional(),
        use: z.enum(['home', 'work', 'temp', 'old', 'mobile']).optional(),
        rank: z.int().positive().optional(),
      }),
    )
    .min(1)
    .max(10)
    .optional(),
  end: InstantText.optional(),
  reason: z.string().min(1).max(1_000),
  criteria: z.string().min(1).max(2_000),
  channel: z.object({
    modifierExtension: z.array(z.unknown()).optional(),
    type: z.enum(CHANNELS),
    endpoint: Endpoint,
    payload: z.string().max(200).optional(),
    header: z.array(Header).min(1).max(20).optional(),
  }),
});
type Parsed = z.output<typeof Subscription>;

/** Total: whatever the body is, it is read or it comes back with what is wrong, and never with a value of it. */
export function readSubscription(body: unknown): SubscriptionReading {
  const parsed = parseAs(Subscription, body, 'Subscription');
  if (!parsed.ok) return { outcome: 'invalid', findings: parsed.findings };
  const { id, status, contact, end, reason, criteria, channel } = parsed.data;
  const payload = PAYLOADS.find((each) => each === channel.payload) ?? null;
  const headers = (channel.header ?? []).map(headerOf);
  const findings = findingsIn(parsed.data, payload, headers);
  if (findings.length > 0) return { outcome: 'invalid', findings };
  return {
    outcome: 'read',
    subscription: {
      id: id ?? null,
      status: status === 'off' ? 'off' : 'requested',
      reason,
      criteria,
      contact: contact ? JSON.stringify(contact) : null,
      end: end ?? null,
      endpoint: channel.endpoint,
      payload,
      headers,
    },
  };
}

function headerOf(text: string): ReadSubscription['headers'][number] {
  const [, name = '', value = ''] = HEADER.exec(text) ?? [];
  return { name, value: value === MASK ? null : value };
}

function findingsIn(
  { status, channel, modifierExtension }: Parsed,
  payload: Payload | null,
  headers: ReadSubscription['headers'],
): Finding[] {
  const findings: Finding[] = [];
  const find = (code: Finding['code'], element: string, message: Bilingual): void => {
    findings.push({ code, message, expression: `Subscription.${element}` });
  };
  if (status !== 'requested' && status !== 'off') {
    find('value', 'status', {
      fr: 'un client demande (requested) ou arrête (off) un abonnement; le reste est au serveur',
      en: 'a client asks for a subscription (requested) or ends it (off); the rest is the server’s',
    });
  }
  if (channel.type !== 'rest-hook') {
    find('not-supported', 'channel.type', { fr: 'il n’y a que rest-hook', en: 'there is only rest-hook' });
  }
  if (channel.payload !== undefined && payload === null) {
    const list = PAYLOADS.join(', ');
    find('not-supported', 'channel.payload', {
      fr: `il y a ${list}, ou rien : la notification n’a alors pas de corps`,
      en: `there is ${list}, or nothing: then the notification has no body`,
    });
  }
  if (new Set(headers.map(({ name }) => name.toLowerCase())).size < headers.length) {
    find('value', 'channel.header', { fr: 'chaque champ une seule fois', en: 'each field once' });
  }
  for (const [element, extensions] of [
    ['modifierExtension', modifierExtension],
    ['channel.modifierExtension', channel.modifierExtension],
  ] as const) {
    if (extensions === undefined) continue;
    find('extension', element, {
      fr: 'ces extensions changent le sens du reste, et aucune n’est connue ici',
      en: 'modifier extensions change the meaning of the rest and none is known here',
    });
  }
  return findings;
}

function isTarget(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash, hostname } = new URL(text);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && hostname !== '' && username === '' && password === '' && hash === '';
}
