import fc from 'fast-check';
import {
  type Adapter,
  FOUND_CALENDARS_MAX,
  type FoundCalendars,
  type WebhookOutcome,
  type Written,
} from '../../../src/adapter/contract.ts';
import { Fault } from '../../../src/adapter/faults.ts';
import type { Observation, ObservedShift, Page } from '../../../src/adapter/observation.ts';
import { allAdapters } from '../../config/adapters.ts';
import { must, outcomeOf, type Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';
import { spoiltText } from '../inputs/text.ts';
import {
  type Answer,
  CALLS,
  connect,
  DESCRIBED,
  recordingsOf,
  STAGES,
  type Stage,
  scripted,
  WEBHOOKS,
} from './platforms.ts';

/** What platforms answer and send: whatever it is, an adapter makes rows, refusals, set-aside records or a Fault of it. */

type Scene = { readonly call: string; readonly answers: readonly Answer[] };

const STATUSES = [
  200, 201, 204, 207, 304, 100, 301, 400, 401, 403, 404, 409, 410, 412, 429, 500, 503, 507, 599, 999,
];
const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'retry-after': '1e300' },
  { 'retry-after': 'Tue, 24 Nov 2026 14:00:00 GMT' },
  { etag: '"\u0000"', 'last-modified': 'never' },
];

/** One answer of one recording is spoilt; the others are as they were. */
function scenes(recordings: readonly Scene[], { words }: Stage): fc.Arbitrary<Scene> {
  return fc.oneof(
    ...recordings.flatMap(({ call, answers }) =>
      answers.map((answer, which) =>
        fc
          .record({
            status: fc.oneof(
              { weight: 4, arbitrary: fc.constant(answer.status) },
              { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
            ),
            headers: fc.oneof(
              { weight: 4, arbitrary: fc.constant(answer.headers) },
              { weight: 1, arbitrary: fc.constantFrom(...HEADERS) },
            ),
            body: spoiltBody(answer.body, words),
          })
          .map((spoilt) => ({ call, answers: answers.with(which, spoilt) })),
      ),
    ),
  );
}

function spoiltBody(body: string, words: readonly string[]): fc.Arbitrary<string> {
  const isJson = body.startsWith('{') && !body.trimEnd().includes('\n');
  return isJson ? spoiltJson([JSON.parse(body)], { keys: words, values: words }) : spoiltText([body], words);
}

const answersOf = (id: string, adapter: Adapter): Target<Scene> => ({
  name: `answers-${id}`,
  open: async () => {
    const stage = STAGES[id];
    if (!stage) throw new Error(`the adapter ${id} has no entry in STAGES (test/fuzz/targets/platforms.ts)`);
    const recordings = await recordingsOf(adapter, stage);
    const settings = stage.settings('https://platform.example');
    const { calendar } = stage;
    const read = recordings.find(({ call }) => call === 'read');
    const first = await CALLS['read']?.({
      platform: connect(adapter, settings, scripted(read?.answers ?? [])),
      calendar,
      cursor: null,
    });
    const cursor = cursorIn(first as readonly Page[]);
    return {
      inputs: scenes(recordings, stage),
      run: ({ call, answers }) => {
        const platform = connect(adapter, settings, scripted(answers));
        return outcomeOf(async () => {
          try {
            checked(await CALLS[call]?.({ platform, calendar, cursor }));
          } finally {
            await platform.close();
          }
        }, [Fault]);
      },
    };
  },
});

function cursorIn(pages: readonly Page[]): string | null {
  const last = pages.at(-1);
  return last?.kind === 'end' ? last.cursor : null;
}

/** What the contract promises of what came back (src/adapter/contract.ts). */
function checked(got: unknown): void {
  if (typeof got !== 'object' || got === null) return;
  storable(got);
  if ('found' in got) {
    listed(got as FoundCalendars);
    return;
  }
  if (!Array.isArray(got)) {
    must(['done', 'taken', 'gone'].includes((got as Written).outcome), 'a write without an outcome');
    return;
  }
  for (const each of got as (Page | Observation)[]) {
    if (each.kind === 'rows')
      for (const row of [...each.rows, ...(each.shifts ?? []).map(unversioned)]) observed(row);
    else if (each.kind === 'slot' || each.kind === 'busy') observed(each);
  }
  if (got.some(({ kind }) => kind === 'rows')) {
    const ends = (got as Page[]).filter(({ kind }) => kind !== 'rows');
    must(ends.length === 1 && got.at(-1) === ends[0], 'a reading that ends twice, or not at all');
  }
}

/** Each once, named by what can be written under `calendars`, and no blank text. */
function listed({ found }: FoundCalendars): void {
  must(found.length <= FOUND_CALENDARS_MAX, 'more calendars than anybody links');
  must(new Set(found.map(({ id }) => id)).size === found.length, 'a calendar that is listed twice');
  for (const { id, name, practitionerName, location } of found) {
    must(id !== '', 'a calendar without an id');
    for (const text of [name, practitionerName, location])
      must(text === null || text.trim() !== '', 'a blank');
  }
}

/** What is said of it goes into the database; the raw form of what is set aside is sealed before. */
function storable(got: unknown): void {
  JSON.stringify(got, (key, value: unknown) => {
    if (key === 'raw') return undefined;
    must(typeof value !== 'string' || !value.includes('\0'), `a text that cannot be stored: ${key}`);
    return value;
  });
}

const unversioned = (shift: ObservedShift) => ({ ...shift, sequence: null });

type Row = Pick<Observation, 'interval' | 'externalId' | 'calendar' | 'sequence'>;

function observed({ interval, externalId, calendar, sequence }: Row): void {
  const { start, end } = interval;
  must(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start < end, 'a row that is no time');
  must(externalId !== '' && calendar !== '', 'a row without a name');
  must(sequence === null || Number.isSafeInteger(sequence), 'a sequence that is not exact');
}

type Delivery = {
  readonly adapter: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

const webhooks = (adapters: readonly Adapter[]): Target<Delivery> => ({
  name: 'webhooks',
  open: async () => {
    const sending = adapters.filter(({ manifest }) => manifest.capabilities.webhook !== 'none');
    const platforms = new Map(
      sending.map((adapter) => {
        const { id } = adapter.manifest;
        const webhook = connect(
          adapter,
          STAGES[id]?.settings('https://platform.example'),
          scripted([]),
        ).webhook;
        if (!WEBHOOKS[id] || !webhook)
          throw new Error(`the adapter ${id} has no entry in WEBHOOKS (test/fuzz/targets/platforms.ts)`);
        return [id, webhook];
      }),
    );
    const headers = fc.oneof(
      { weight: 9, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { 'x-bonjour-signature': 'sha256=' },
          { 'x-bonjour-horodatage': '-1' },
          { 'x-bonjour-horodatage': '9'.repeat(30) },
        ),
      },
    );
    return {
      inputs: fc.oneof(
        ...sending.map(({ manifest: { id } }) =>
          fc.record({
            adapter: fc.constant(id),
            headers,
            body: spoiltJson(WEBHOOKS[id]?.samples() ?? [], { keys: STAGES[id]?.words ?? [] }),
          }),
        ),
      ),
      run: async ({ adapter, body, headers: more }) => {
        const request = WEBHOOKS[adapter]?.deliver(body);
        const outcome: WebhookOutcome | undefined =
          request &&
          (await platforms.get(adapter)?.({ ...request, headers: { ...request.headers, ...more } }));
        must(outcome !== undefined, 'no outcome');
        storable(outcome);
        if (outcome.outcome === 'refused') return `refused: ${outcome.reason}`;
        if (outcome.outcome === 'payload') for (const row of outcome.rows) observed(row);
        return outcome.outcome;
      },
    };
  },
});

const adapters = [...(await allAdapters()).values(), ...DESCRIBED];

/** One for each adapter that reaches a platform, and one for what they send of their own accord. */
export const PLATFORM_TARGETS = [
  ...adapters
    .filter(
      ({ manifest: { capabilities } }) => capabilities.agenda === 'there' && capabilities.pull !== 'none',
    )
    .map((adapter) => answersOf(adapter.manifest.id, adapter)),
  webhooks(adapters),
];
