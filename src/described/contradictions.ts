import type { Explanation } from '../config/explain.ts';
import { nearest, suggestion } from '../config/nearest.ts';
import type { Path } from '../config/problems.ts';
import { isAddress, settingsIn } from './address.ts';
import type { Answer, Description, RecordShape } from './description.ts';
import { problemOfFormat } from './local-time.ts';
import { FUNCTIONS } from './syntax-tree.ts';
import { expressionsIn, requestsOf, usesOf } from './uses.ts';

/** What no part of a description is wrong by itself, but one beside another. */
export const contradictions = (description: Description): readonly Explanation[] => [
  ...settings(description),
  ...names(description),
  ...variables(description),
  ...formats(description),
  ...secrets(description),
  ...addresses(description),
  ...requests(description),
  ...records(description),
  ...writes(description),
  ...webhook(description),
];

const wrong = (path: Path, message: string, at: 'key' | 'value' = 'key'): Explanation[] => [
  { path, at, message },
];
const when = (holds: boolean, path: Path, message: string): Explanation[] =>
  holds ? wrong(path, message) : [];

const settings = ({ settings }: Description): Explanation[] =>
  Object.entries(settings).flatMap(([name, { type, choices }]) =>
    when(
      (type === 'choice') !== (choices !== undefined),
      ['settings', name],
      type === 'choice'
        ? 'is a choice without choices: add them'
        : `has choices, and is no choice but a ${type}`,
    ),
  );

/** Names that are nothing where they stand. */
function names({ settings, ...rest }: Description): Explanation[] {
  const said = Object.keys(settings).filter((name) => settings[name]?.type !== 'secret');
  return usesOf({ settings, ...rest }).flatMap(({ path, uses, known }) =>
    uses.names.flatMap(({ name, inner, position }): Explanation[] => {
      const tell = (message: string): Explanation[] => [{ path, at: 'value', message, character: position }];
      if (!known.includes(name)) return tell(`there is no ${name} here${suggestion(name, known)}`);
      if (name !== 'settings' || inner === null) return [];
      if (!Object.hasOwn(settings, inner))
        return tell(`there is no setting ${inner}${suggestion(inner, said)}`);
      return settings[inner]?.type === 'secret'
        ? tell(`${inner} is a secret, which only authentication and webhook may use`)
        : [];
    }),
  );
}

/** Functions of templates, beside JSONata's own. */
const OF_TEMPLATES = ['local', 'theirs'];

/** Variables and functions that there are not. */
const variables = (description: Description): Explanation[] =>
  [
    ...usesOf(description).map((use) => ({ ...use, known: OF_TEMPLATES })),
    // What a record stands in.
    ...expressionsIn(description).map((use) => ({
      ...use,
      known: use.path.includes('record') || use.path.at(-1) === 'only' ? ['answer'] : [],
    })),
  ].flatMap(({ path, uses, known }) =>
    uses.variables
      .filter(({ name }) => !known.includes(name) && !FUNCTIONS.includes(name))
      .map(({ name, position }): Explanation => {
        const meant = nearest(name, [...known, ...FUNCTIONS]);
        const hint = meant === null ? '' : `; did you mean "$${meant}"?`;
        return { path, at: 'value', message: `there is no $${name} here${hint}`, character: position };
      }),
  );

/** Formats of `$local` that are none; here a day alone will do. */
const formats = (description: Description): Explanation[] =>
  usesOf(description).flatMap(({ path, uses }) =>
    uses.formats.flatMap(({ text, position }): Explanation[] => {
      const problem = problemOfFormat(text);
      return problem === null
        ? []
        : [{ path, at: 'value', message: `the format ${problem}`, character: position }];
    }),
  );

function secrets({ settings, authentication, webhook }: Description): Explanation[] {
  const isSecret = (name: string): boolean =>
    Object.hasOwn(settings, name) && settings[name]?.type === 'secret';
  const used = Object.entries(authentication ?? {}).filter(([key]) =>
    ['token', 'password', 'secret', 'clientSecret'].includes(key),
  ) as readonly [string, string][];
  const all = Object.keys(settings).filter(isSecret);
  return [
    ...used
      .filter(([, name]) => !isSecret(name))
      .flatMap(([key, name]) =>
        wrong(['authentication', key], `must name a setting of type secret${suggestion(name, all)}`, 'value'),
      ),
    ...when(
      webhook !== undefined && !isSecret('webhookSecret'),
      ['webhook'],
      'needs a setting webhookSecret of type secret, by which deliveries are signed',
    ),
  ];
}

function addresses({ base, settings, authentication }: Description): Explanation[] {
  const known = Object.keys(settings).filter((name) => settings[name]?.type !== 'secret');
  const written: readonly (readonly [Path, string])[] = [
    [['base'], base],
    ...(authentication?.type === 'oauth2'
      ? [[['authentication', 'tokenUrl'], authentication.tokenUrl] as const]
      : []),
  ];
  return written.flatMap(([path, text]) => {
    const unknown = settingsIn(text).find((name) => !known.includes(name));
    if (unknown !== undefined)
      return wrong(
        path,
        `there is no setting ${unknown} for an address${suggestion(unknown, known)}`,
        'value',
      );
    return isAddress(text)
      ? []
      : wrong(
          path,
          'is no address: write as https://host/path, or {{ settings.name }} at its beginning',
          'value',
        );
  });
}

const requests = (description: Description): Explanation[] =>
  requestsOf(description).flatMap(({ path, request: { body, form, method } }) => [
    ...when(
      body !== undefined && form !== undefined,
      [...path, 'form'],
      'stands beside body: write one of the two',
    ),
    ...when(
      method === 'GET' && (body !== undefined || form !== undefined),
      path,
      'has a body, and GET takes none: write POST',
    ),
  ]);

function records({ record, read, lookup, webhook }: Description): Explanation[] {
  const own: readonly (readonly [Path, RecordShape | undefined])[] = [
    [['record'], record],
    ...read.lists.map(({ record }, at) => [['read', 'lists', at, 'record'], record] as const),
    [['read', 'changes', 'record'], read.changes?.record],
    [['webhook', 'payload', 'record'], webhook?.payload?.record],
  ];
  return [
    ...own.flatMap(([path, shape]) => (shape ? ofRecord(path, shape, read.per === 'connection') : [])),
    ...when(
      lookup !== undefined && record.mark === undefined,
      ['lookup'],
      'looks for our mark, and record does not say where it stands: add record.mark',
    ),
    ...when(
      webhook?.payload !== undefined && record.calendar === undefined && !webhook.payload.record?.calendar,
      ['webhook', 'payload'],
      'tells of records that do not say their calendar: add record.calendar, or write hint',
    ),
  ];
}

function ofRecord(
  path: Path,
  { calendar, kind, end, minutes }: RecordShape,
  needsCalendar: boolean,
): Explanation[] {
  return [
    ...when((end === undefined) === (minutes === undefined), path, 'must have one of end and minutes'),
    ...when(
      needsCalendar && calendar === undefined,
      path,
      'must have calendar, since one reading is of all of them (read.per: calendar reads each by itself)',
    ),
    ...when(
      typeof kind === 'object' && (kind.is === undefined) === (kind.map === undefined),
      [...path, 'kind'],
      'must have one of is and map',
    ),
  ];
}

const PAIRS = [
  ['block', 'unblock'],
  ['publish', 'withdraw'],
  ['hold', 'release'],
] as const;
const MAKING = ['publish', 'block', 'hold', 'book', 'move'] as const;

function writes({ write, lookup, record }: Description): Explanation[] {
  if (!write) return [];
  const answerOf = (name: (typeof MAKING)[number]): Answer => write[name]?.answer ?? write.answer;
  return [
    ...PAIRS.flatMap(([make, unmake]) => [
      ...when(
        write[make] !== undefined && write[unmake] === undefined,
        ['write', make],
        `needs ${unmake} beside it`,
      ),
      ...when(
        write[make] === undefined && write[unmake] !== undefined,
        ['write', unmake],
        `needs ${make} beside it`,
      ),
    ]),
    ...when(
      write.book !== undefined && (write.hold === undefined) !== (write.book.fromHold === undefined),
      ['write', 'book'],
      write.hold
        ? 'needs fromHold, which turns our hold into the appointment'
        : 'has fromHold, and there is no hold',
    ),
    ...MAKING.filter((name) => write[name] !== undefined).flatMap((name) =>
      when(
        answerOf(name).record === undefined && answerOf(name).id === undefined,
        ['write', name],
        'must say how its answer names what it made: answer.record or answer.id',
      ),
    ),
    ...when(
      write.hold !== undefined &&
        answerOf('hold').expires === undefined &&
        (answerOf('hold').record === undefined || record.expires === undefined),
      ['write', 'hold'],
      'must say until when a hold is granted: answer.expires, or record.expires with answer.record',
    ),
    ...when(
      write.block !== undefined &&
        write.block.change === undefined &&
        (lookup === undefined || write.key !== undefined),
      ['write', 'block'],
      'needs change, or lookup to find what was made before, at a platform that knows no key',
    ),
    ...when(
      write.key !== undefined && lookup === undefined,
      ['write', 'key'],
      'needs lookup beside it: a write whose answer was lost is looked for by our mark',
    ),
  ];
}

function webhook({ webhook }: Description): Explanation[] {
  if (!webhook) return [];
  const { signature, time, hint, payload } = webhook;
  const isTimed = signature.of.includes('{time}');
  return [
    ...when(
      (hint === undefined) === (payload === undefined),
      ['webhook'],
      'must have one of hint and payload',
    ),
    ...when(!signature.of.includes('{body}'), ['webhook', 'signature'], 'must be over {body} too'),
    ...when(isTimed !== (time !== undefined), ['webhook'], '{time} in signature.of and time go together'),
    ...when(
      payload !== undefined && time === undefined,
      ['webhook', 'payload'],
      'needs time: what was signed long ago must not be taken for news; or write hint',
    ),
  ];
}
