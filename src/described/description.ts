import { z } from 'zod';
import { CONTRACTS, KINDS } from '../adapter/contract.ts';
import { ExpressionText, Request, Statuses, TemplateText, Time, Word } from './syntax.ts';

/** What a description may say, as its JSON Schema tells editors too (docs/passerelle-adapter.schema.json). */

const Bilingual = z.strictObject({ fr: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const Seconds = z.number().min(0.001).max(600);

/** One setting of a connection. A secret is used by authentication and webhook alone: no expression sees it. */
const Setting = z.strictObject({
  type: z.enum(['address', 'text', 'secret', 'number', 'choice']),
  title: Bilingual.describe('what it is, to who configures a connection'),
  choices: z.array(z.string().min(1).max(100)).min(1).max(100).optional().describe('of a choice'),
  optional: z.boolean().default(false),
});
export type Setting = z.output<typeof Setting>;

const SecretName = Word.describe('the name of a setting of type secret');
const Authentication = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer'), token: SecretName }),
  z.strictObject({ type: z.literal('basic'), user: TemplateText, password: SecretName }),
  z.strictObject({
    type: z.literal('header'),
    name: Word,
    secret: SecretName,
    prefix: z.string().max(50).default(''),
  }),
  z.strictObject({ type: z.literal('query'), name: Word, secret: SecretName }),
  z.strictObject({
    type: z.literal('oauth2'),
    tokenUrl: z
      .string()
      .min(1)
      .max(1_000)
      .describe('the token endpoint; {{ settings.name }} may stand in it'),
    clientId: TemplateText,
    clientSecret: SecretName,
    scope: z.string().min(1).max(500).optional(),
    client: z
      .enum(['basic', 'body'])
      .default('basic')
      .describe('where the client says who it is (RFC 6749, section 2.3.1)'),
  }),
]);
export type Authentication = z.output<typeof Authentication>;

const Limits = z.strictObject({
  requests: z.int().min(1).max(1_000_000).default(120),
  perSeconds: Seconds.default(60),
  atOnce: z.int().min(1).max(100).default(4),
  timeoutSeconds: Seconds.default(20),
  stalenessSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(5)
    .describe('how long a reading may show what was before a write that was confirmed'),
});

const Codes = z.strictObject({
  codes: ExpressionText.describe('an expression that gives a code, or a list of them'),
  map: Word.describe('the ConceptMap mappings/<id>/…, whose id is <id>-<this>'),
});

const PAGES_MAX = 1_000;
const pagesMax = z.int().min(1).max(100_000).default(PAGES_MAX);
const size = z.int().min(1).max(20_000).describe('rows of a full page');
const parameter = Word.describe('the parameter that asks for a page');

const Paging = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('page'), parameter, first: z.int().min(0).default(1), size, pagesMax }),
  z.strictObject({ type: z.literal('offset'), parameter, size, pagesMax }),
  z.strictObject({
    type: z.literal('cursor'),
    parameter,
    next: ExpressionText.describe('where the next page begins, in the answer; null = this was the last'),
    size,
    pagesMax,
  }),
  z.strictObject({ type: z.literal('link'), size, pagesMax }),
  z.strictObject({
    type: z.literal('none'),
    size: size.describe('rows at which the platform cuts its list short'),
  }),
]);
export type Paging = z.output<typeof Paging>;

const ROW_KINDS = ['slot', 'appointment', 'hold', 'block'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

const Kind = z.union([
  z.enum(ROW_KINDS),
  z.strictObject({
    code: ExpressionText,
    is: z.record(z.string(), z.enum(ROW_KINDS)).optional().describe('what each code means'),
    map: Word.optional().describe('or a ConceptMap to http://hl7.org/fhir/slotstatus'),
    grid: z
      .boolean()
      .default(false)
      .describe('each record is a slot whatever its code; what takes its time stands in the same record'),
  }),
]);

/** What a record of the platform says. */
const RecordShape = z.strictObject({
  id: ExpressionText,
  calendar: ExpressionText.optional().describe('left out where each calendar is read by itself'),
  kind: Kind,
  gone: ExpressionText.optional().describe('true of a record that is there no more'),
  start: Time,
  end: Time.optional(),
  minutes: ExpressionText.optional().describe('in place of end: how long it is'),
  mark: ExpressionText.optional().describe('our mark, where the platform carries it'),
  revision: ExpressionText.optional(),
  sequence: ExpressionText.optional().describe('a number that only grows'),
  changed: Time.optional().describe('when what takes the time was made'),
  expires: Time.optional().describe('when a hold ends by itself'),
  attributes: z
    .strictObject({
      availableSince: Time.optional(),
      eligibility: Codes.optional(),
      reasons: Codes.optional(),
      reorientation: Codes.optional(),
      mode: Codes.optional(),
      bookingUrl: ExpressionText.optional(),
    })
    .default({}),
});
export type RecordShape = z.output<typeof RecordShape>;

const rows = {
  request: Request,
  rows: ExpressionText.describe('the list of records in the answer'),
  only: ExpressionText.optional().describe('true of the records that count'),
  record: RecordShape.optional().describe('where these differ from record'),
};
const none = Statuses.default([]).describe('statuses that say that there is nothing');

const List = z.strictObject({
  ...rows,
  none,
  paging: Paging,
});
export type List = z.output<typeof List>;

const Changes = z.strictObject({
  start: z
    .strictObject({ request: Request, cursor: ExpressionText })
    .describe('asked before the lists are read: where the changes begin that come after'),
  ...rows,
  cursor: ExpressionText.describe('where to go on, in the answer'),
  more: ExpressionText.describe('true where more is to be had at once'),
  expired: Statuses.min(1).default([410]).describe('statuses that say that the cursor is known no more'),
  pagesMax,
});
export type Changes = z.output<typeof Changes>;

const Read = z.strictObject({
  per: z.enum(['connection', 'calendar']).default('connection').describe('what one reading is of'),
  lists: z.array(List).min(1).max(20),
  changes: Changes.optional(),
});

/** How the answer to a write is read. */
const Answer = z.strictObject({
  done: Statuses.default([200, 201, 204]),
  taken: Statuses.default([409]),
  gone: Statuses.default([404, 410]),
  outcome: ExpressionText.optional().describe('of an answer that is done: done, taken or gone'),
  record: ExpressionText.optional().describe('the record as it now stands, in the answer'),
  id: ExpressionText.optional().describe('in place of record'),
  revision: ExpressionText.optional(),
  sequence: ExpressionText.optional(),
  expires: Time.optional().describe('until when a hold is granted'),
});
export type Answer = z.output<typeof Answer>;

const write = { request: Request, answer: Answer.optional() };
const Write = z.strictObject(write);
const Publish = z.strictObject({ ...write, change: Request.describe('changes what stands there') });
const Block = z.strictObject({
  ...write,
  change: Request.optional().describe(
    'changes what stands there; left out, where lookup finds it: it is made anew, then what stood there before is taken away',
  ),
});
const Book = z.strictObject({
  ...write,
  fromHold: Request.optional().describe('turns our hold into the appointment'),
});

const Writes = z.strictObject({
  key: z
    .strictObject({ header: Word })
    .optional()
    .describe('the header by which the platform knows a command again'),
  condition: z
    .strictObject({
      header: Word.default('If-Match'),
      value: TemplateText.prefault('"{{ known.revision }}"'),
      changed: Statuses.default([412]),
    })
    .optional()
    .describe('refuses to change what changed since it was read'),
  answer: Answer.prefault({}),
  publish: Publish.optional(),
  withdraw: Write.optional(),
  block: Block.optional(),
  unblock: Write.optional(),
  hold: Write.optional(),
  release: Write.optional(),
  book: Book.optional(),
  cancel: Write.optional(),
  move: Write.optional(),
});
export type Writes = z.output<typeof Writes>;

const Webhook = z.strictObject({
  signature: z.strictObject({
    header: Word,
    prefix: z.string().max(50).default(''),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    of: z
      .string()
      .max(200)
      .default('{body}')
      .describe('what HMAC-SHA256 is over: {time} and {body} stand for the header and the bytes'),
  }),
  time: z
    .strictObject({ header: Word, unit: z.enum(['seconds', 'milliseconds']).default('seconds') })
    .optional()
    .describe('when it was signed: more than 5 minutes from now is a replay'),
  hint: z
    .strictObject({ calendars: ExpressionText.optional().describe('which changed; left out = any') })
    .optional(),
  payload: z.strictObject({ rows: ExpressionText, record: RecordShape.optional() }).optional(),
});
export type Webhook = z.output<typeof Webhook>;

export const DescriptionShape = z.strictObject({
  version: z.literal(1).describe('of this format'),
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be small letters, digits and dashes, as acme-clinic' })
    .describe('platform: in the configuration, and the folder of its tables'),
  title: Bilingual,
  kind: z.enum(KINDS),
  contract: z.enum(CONTRACTS).describe('how the interface is known'),
  base: z
    .string()
    .min(1)
    .max(1_000)
    .describe('the address of the interface; {{ settings.name }} may stand in it'),
  settings: z.record(Word, Setting).default({}),
  authentication: Authentication.optional(),
  headers: z.record(Word, TemplateText).default({}).describe('sent with every request'),
  limits: Limits.prefault({}),
  check: z
    .strictObject({ request: Request, is: ExpressionText.optional().describe('true of the right answer') })
    .describe('the cheapest request that proves address and credentials'),
  record: RecordShape,
  read: Read,
  lookup: z
    .strictObject({ request: Request, rows: ExpressionText, none })
    .optional()
    .describe('finds what carries our mark'),
  write: Writes.optional(),
  webhook: Webhook.optional(),
  exemptions: z.record(z.string().max(100), z.string().min(1).max(2_000)).default({}),
});
export type Description = z.output<typeof DescriptionShape>;
