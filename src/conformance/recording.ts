import { createHash } from 'node:crypto';
import { z } from 'zod';
import { seededRandom } from '../adapter/simulator/random.ts';
import { systemClock } from '../adapter/simulator/system-clock.ts';
import type { Environment } from '../domain/environment.ts';
import { type Instant, instant } from '../domain/instant.ts';
import type { Answer, Pass, Seen } from './proxy.ts';
import type { Staging } from './staging.ts';
import type { Bench, PlatformTarget } from './target.ts';

/**
 * What a platform answered to each case, so that the adapter can be tried without it. Clock and ids of a recorded case
 * stand still, so that an adapter which takes them from its environment asks the very same again. Of what is asked only
 * a hash is kept, and what is in the settings stands nowhere in it.
 */

const Time = z.object({ start: z.number(), end: z.number() });
const Exchange = z.object({
  method: z.string(),
  path: z.string(),
  /** SHA-256 of the body, hexadecimal. */
  body: z.string(),
  answer: z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string() }),
});
const RecordedCase = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  calendar: z.string(),
  zone: z.string(),
  free: z.array(z.object({ interval: Time, slot: z.string().nullable() })),
  /** What the suite's own hands got, in their order. */
  hands: z.array(z.object({ hand: z.string(), result: z.unknown() })),
  exchanges: z.array(Exchange),
});
export const Recording = z.object({
  format: z.literal('passerelle-recording-1'),
  adapter: z.string(),
  target: z.string(),
  cases: z.record(z.string(), RecordedCase),
});
export type Recording = z.output<typeof Recording>;
export type RecordedCase = z.output<typeof RecordedCase>;

/** Of a bench, what looks and acts by another way than the adapter. */
export const HANDS = ['raw', 'patientBooks', 'patientCancels', 'staffBooks'] as const;

/** Which answers' headers an adapter may go by; the others may say who was asked, and by whom. */
const HEADERS = ['content-type', 'etag', 'last-modified', 'link', 'location', 'retry-after', 'cache-control'];

/** Clock and ids of a case: the same for the same case and moment. */
export function stillWorld(caseId: string, at: Instant): Environment {
  const random = seededRandom(`${caseId} ${at}`);
  return {
    clock: { ...systemClock, now: () => at },
    random,
    ids: { next: () => uuidOf(random.next) },
  };
}

/** In the form of a random UUID (RFC 9562, section 5.4), by the given dice. */
function uuidOf(next: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export type Masks = {
  /** With the names of settings in place of what stands in them. */
  readonly hide: (text: string) => string;
  /** With what stands in these settings in place of their names. */
  readonly show: (text: string) => string;
};

/**
 * For texts that go into a recording, and come out of it where other settings may be in use. Addresses stay, since they
 * are of the proxy and of no account; so does what is too short to be a secret.
 */
export function masksOf({ settings, expired }: Pick<Bench, 'settings' | 'expired'>): Masks {
  const secrets = [...leavesOf(settings(''), 'settings'), ...leavesOf(expired?.('') ?? {}, 'expired')]
    .filter(({ value }) => value.length >= SECRET_CHARACTERS_MIN && !/^https?:/.test(value))
    // Of one that holds another the whole is hidden.
    .sort((a, b) => b.value.length - a.value.length);
  const through = (text: string, from: 'name' | 'value', to: 'name' | 'value') =>
    secrets.reduce((done, secret) => done.replaceAll(secret[from], () => secret[to]), text);
  return {
    hide: (text) => through(text, 'value', 'name'),
    show: (text) => through(text, 'name', 'value'),
  };
}

const SECRET_CHARACTERS_MIN = 4;

function leavesOf(value: unknown, path: string): { readonly name: string; readonly value: string }[] {
  if (typeof value === 'string') return [{ name: `<${path}>`, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, `${path}.${key}`));
}

/** Every text of a value in another way; keys are of the suite, and stay. */
export function eachText<Value>(value: Value, change: (text: string) => string): Value {
  const changed = (each: unknown): unknown => {
    if (typeof each === 'string') return change(each);
    if (Array.isArray(each)) return each.map(changed);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, changed(inner)]));
  };
  return changed(value) as Value;
}

/** Puts all that happens on the platform into the recording. */
export function record(
  inner: Staging,
  { adapter, name }: PlatformTarget,
): Staging & { readonly recording: Recording } {
  const recording: Recording = {
    format: 'passerelle-recording-1',
    adapter: adapter.manifest.id,
    target: name,
    cases: {},
  };
  return {
    recording,
    close: inner.close,
    async stage(each) {
      const staged = await inner.stage(each);
      const { bench } = staged;
      const at = instant(systemClock.now());
      const { hide } = masksOf(bench);
      const recorded: RecordedCase = {
        ...{ at, calendar: hide(bench.calendar), zone: bench.zone },
        ...{ free: [], hands: [], exchanges: [] },
      };
      recording.cases[each.id] = recorded;
      return {
        world: stillWorld(each.id, at),
        bench: { ...bench, ...handsOf(bench, recorded, hide) },
        async free() {
          const time = await staged.free();
          recorded.free.push(eachText(time, hide));
          return time;
        },
        pass: recordingPass(staged.pass, recorded, hide),
      };
    },
  };
}

const recordingPass =
  (pass: Pass, { exchanges }: RecordedCase, hide: Masks['hide']): Pass =>
  async (request, headers) => {
    const answer = await pass(request, headers);
    exchanges.push({ ...keyOf(request, hide), answer: keptOf(answer, hide) });
    return answer;
  };

/** What a request is found again by. */
export const keyOf = ({ method, path, body }: Seen, hide: Masks['hide']) => ({
  method,
  path: hide(path),
  body: hashOf(hide(body)),
});

function keptOf({ status, headers, body }: Answer, hide: Masks['hide']) {
  const kept = HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, hide(value)] as const] : [];
  });
  return { status, headers: Object.fromEntries(kept), body: hide(body) };
}

/** The suite's hands, with what they got written down. */
function handsOf(bench: Bench, { hands }: RecordedCase, hide: Masks['hide']): Partial<Bench> {
  const wrapped = HANDS.map((hand) => {
    const use = bench[hand] as ((...given: unknown[]) => Promise<unknown>) | null;
    if (use === null) return [hand, null];
    const noting = async (...given: unknown[]) => {
      const result = (await use(...given)) ?? null;
      hands.push({ hand, result: eachText(result, hide) });
      return result;
    };
    return [hand, noting];
  });
  return Object.fromEntries(wrapped) as Partial<Bench>;
}
