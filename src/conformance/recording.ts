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

/** Settings in place of which recordings have their names; addresses are of the proxy, and of no account. */
export function masking(...settings: readonly Record<string, unknown>[]): (text: string) => string {
  const secrets = settings
    .flatMap((each) => leavesOf(each, 'settings'))
    .filter(({ value }) => value.length >= 4 && !/^https?:/.test(value))
    .sort((a, b) => b.value.length - a.value.length);
  return (text) => {
    let masked = text;
    for (const { path, value } of secrets) masked = masked.replaceAll(value, `<${path}>`);
    return masked;
  };
}

function leavesOf(value: unknown, path: string): { readonly path: string; readonly value: string }[] {
  if (typeof value === 'string') return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, `${path}.${key}`));
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
      const recorded: RecordedCase = {
        ...{ at, calendar: bench.calendar, zone: bench.zone },
        ...{ free: [], hands: [], exchanges: [] },
      };
      recording.cases[each.id] = recorded;
      const mask = masking(bench.settings(''), bench.expired?.('') ?? {});
      return {
        world: stillWorld(each.id, at),
        bench: { ...bench, ...handsOf(bench, recorded) },
        async free() {
          const time = await staged.free();
          recorded.free.push(time);
          return time;
        },
        pass: recordingPass(staged.pass, recorded, mask),
      };
    },
  };
}

const recordingPass =
  (pass: Pass, { exchanges }: RecordedCase, mask: (text: string) => string): Pass =>
  async (request, headers) => {
    const answer = await pass(request, headers);
    exchanges.push({ ...keyOf(request, mask), answer: keptOf(answer, mask) });
    return answer;
  };

/** What a request is found again by. */
export const keyOf = ({ method, path, body }: Seen, mask: (text: string) => string) => ({
  method,
  path: mask(path),
  body: hashOf(mask(body)),
});

function keptOf({ status, headers, body }: Answer, mask: (text: string) => string) {
  const kept = HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, mask(value)] as const] : [];
  });
  return { status, headers: Object.fromEntries(kept), body: mask(body) };
}

/** The suite's hands, with what they got written down. */
function handsOf(bench: Bench, { hands }: RecordedCase): Partial<Bench> {
  const wrapped = HANDS.map((hand) => {
    const use = bench[hand] as ((...given: unknown[]) => Promise<unknown>) | null;
    if (use === null) return [hand, null];
    const noting = async (...given: unknown[]) => {
      const result = (await use(...given)) ?? null;
      hands.push({ hand, result });
      return result;
    };
    return [hand, noting];
  });
  return Object.fromEntries(wrapped) as Partial<Bench>;
}
