import { z } from 'zod';
import {
  type Asked,
  FOUND_CALENDARS_MAX,
  type FoundCalendars,
  type Held,
  type ListRead,
  TASK_CHARACTERS_MAX,
  type WebhookOutcome,
  type Written,
} from '../adapter/contract.ts';
import { jsonIn } from '../adapter/json.ts';
import type { Observation, Page, Rejected } from '../adapter/observation.ts';
import { storableText } from '../adapter/texts.ts';
import { SHIFT_TASKS } from '../domain/shift.ts';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS } from '../domain/slot.ts';
import { RAW_CHARACTERS_MAX } from './messages.ts';

/** What an adapter of another package answers, held against the contract before the engine sees any of it. */

/** Of a page; of all pages of one reading there may be `READING_ROWS_MAX`. */
const PAGE_ROWS_MAX = 20_000;
export const READING_ROWS_MAX = 2_000_000;
const READ_BACK_ROWS_MAX = 1_000;
const CALENDARS_MAX = 10_000;
const CODES_MAX = 50;
const IDENTIFIERS_MAX = 50;

/** The years 1 to 9999, which RFC 3339 can write. */
const Instant = z.int().min(-62_135_596_800_000).max(253_402_300_799_999);

const Interval = z
  .object({ start: Instant, end: Instant })
  .refine(({ start, end }) => start < end, { error: 'must start before it ends' });

const Id = storableText(1_000).min(1);
const Revision = storableText(1_000).nullable();
const Sequence = z.int().nullable();

const codes = <const Code extends string>(allowed: readonly Code[]) =>
  z.array(z.enum(allowed)).max(CODES_MAX).nullable();

const observed = {
  externalId: Id,
  calendar: Id,
  interval: Interval,
  mark: storableText(200).nullable(),
  revision: Revision,
  sequence: Sequence,
};

const Row = z.discriminatedUnion('kind', [
  z.object({
    ...observed,
    kind: z.literal('slot'),
    attributes: z.object({
      availableSince: Instant.nullable(),
      eligibility: codes(ELIGIBILITIES),
      reasons: codes(REASONS),
      reorientation: codes(REORIENTATIONS),
      mode: z.enum(MODES).nullable(),
      bookingUrl: storableText(2_000).nullable(),
    }),
  }),
  z.object({
    ...observed,
    kind: z.literal('busy'),
    busyKind: z.enum(['appointment', 'hold', 'block']),
    expiresAt: Instant.nullable(),
    changedAt: Instant.nullable(),
  }),
]);

const Shift = z.object({
  externalId: Id,
  calendar: Id,
  interval: Interval,
  revision: Revision,
  task: z.enum(SHIFT_TASKS).nullable(),
  place: storableText(200).nullable(),
  period: Interval.nullable(),
  publishedAt: Instant.nullable(),
});

const Removed = z.object({ kind: z.enum(['slot', 'busy']), externalId: Id, sequence: Sequence });

const SetAside = z
  .object({
    externalId: Id.nullable(),
    reason: storableText(500),
    raw: storableText(RAW_CHARACTERS_MAX).optional(),
  })
  .transform(
    ({ raw, ...rejected }): Rejected => (raw === undefined ? rejected : { ...rejected, raw: opened(raw) }),
  );

/** As JSON where it is any, bounded in its depth, since what seals it walks through it. */
const opened = (raw: string): unknown => jsonIn(Buffer.from(raw)) ?? raw;

const batch = {
  rows: z.array(Row).max(PAGE_ROWS_MAX),
  removed: z.array(Removed).max(PAGE_ROWS_MAX),
  rejected: z.array(SetAside).max(PAGE_ROWS_MAX),
};

/** Null = there are no more. */
const PageAnswer = z.nullable(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('rows'),
      ...batch,
      shifts: z.array(Shift).max(PAGE_ROWS_MAX).exactOptional(),
    }),
    z.object({
      kind: z.literal('end'),
      complete: Interval.nullable(),
      cursor: storableText(1024 * 1024).nullable(),
    }),
    z.object({ kind: z.literal('cursorExpired') }),
  ]),
);

const done = {
  outcome: z.literal('done'),
  externalId: Id.nullable(),
  revision: Revision,
  sequence: Sequence,
};
const refusals = [
  z.object({ outcome: z.literal('taken') }),
  z.object({ outcome: z.literal('gone') }),
] as const;

const said = (charactersMax: number) =>
  z.object({ fr: storableText(charactersMax).min(1), en: storableText(charactersMax).min(1) });

const asked = z.object({
  outcome: z.literal('asked'),
  externalId: Id.nullable(),
  dueAt: Instant,
  task: said(TASK_CHARACTERS_MAX),
});

const List = z.object({
  rows: batch.rows,
  removed: z.array(Removed.extend({ calendar: Id })).max(PAGE_ROWS_MAX),
  wrong: z.array(z.object({ line: z.int().min(1), reason: said(500) })).max(PAGE_ROWS_MAX),
});

const Calendars = z.object({
  found: z
    .array(
      z.object({
        id: Id,
        name: storableText(1_000).nullable(),
        practitionerName: storableText(1_000).nullable(),
        identifiers: z.array(z.object({ system: Id, value: Id })).max(IDENTIFIERS_MAX),
        location: storableText(1_000).nullable(),
      }),
    )
    .max(FOUND_CALENDARS_MAX),
  complete: z.boolean(),
});

const Webhook = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('refused'), reason: z.enum(['signature', 'replay', 'malformed']) }),
  z.object({ outcome: z.literal('hint'), calendars: z.array(Id).max(CALENDARS_MAX).nullable() }),
  z.object({ outcome: z.literal('payload'), ...batch }),
]);

/** A schema of what comes, as the type of the contract: their numbers and texts have brands that no schema gives. */
export type Answer<Value> = z.ZodType & { readonly __value?: Value };

export const PAGE: Answer<Page | null> = PageAnswer;
export const WRITTEN: Answer<Written> = z.discriminatedUnion('outcome', [z.object(done), ...refusals]);
/** Of what a person may be asked to make. */
export const WRITTEN_OR_ASKED: Answer<Written | Asked> = z.discriminatedUnion('outcome', [
  z.object(done),
  ...refusals,
  asked,
]);
export const HELD: Answer<Held> = z.discriminatedUnion('outcome', [
  z.object({ ...done, expiresAt: Instant }),
  ...refusals,
]);
export const READ_BACK: Answer<readonly Observation[]> = z.array(Row).max(READ_BACK_ROWS_MAX);
export const LIST: Answer<ListRead> = List;
export const CALENDARS: Answer<FoundCalendars> = Calendars;
export const WEBHOOK: Answer<WebhookOutcome> = Webhook;
export const NOTHING: Answer<null> = z.null();
