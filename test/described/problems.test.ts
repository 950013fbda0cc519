import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { DescriptionError, readDescription } from '../../src/described/index.ts';
import { EXAMPLES_FOLDER } from './examples.ts';

/** What is wrong with a description is said with its line and column, and with what to write. */

const WHOLE = `version: 1
id: acme
title: { fr: Acmé, en: Acme }
kind: private
contract: assumed
settings:
  address: { type: address, title: { fr: Adresse, en: Address } }
  key: { type: secret, title: { fr: Clé, en: Key } }
base: "{{ settings.address }}"
authentication: { type: bearer, token: key }
check:
  request: { path: /status }
record:
  id: id
  calendar: doctor
  kind: slot
  start: begins
  minutes: length
read:
  lists:
    - request: { path: /list }
      rows: rows
      paging: { type: none, size: 100 }
`;

const problemsOf = (text: string): string[] => {
  try {
    readDescription(text);
    return [];
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
    return [...error.problems]
      .sort((a, b) => a.line - b.line)
      .map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  }
};

/** The whole with some of its text replaced by another. */
const withText = (from: string, to: string): string => {
  if (!WHOLE.includes(from)) throw new Error(`the description has no ${from}`);
  return WHOLE.replace(from, to);
};

const WRITE = `write:
  block:
    request: { method: POST, path: /blocks, body: { start: "{{ start }}" } }
    change: { method: PUT, path: "/blocks/{{ known.externalId }}" }
`;

const BROKEN: readonly (readonly [what: string, text: string, problems: readonly string[]])[] = [
  ['an empty file', '', ['1:1 : the file is empty']],
  [
    'what is no YAML',
    withText('kind: private', 'kind: [private'),
    [
      '5:1 : not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ],
  [
    'an unknown key',
    withText('contract:', 'contrat:'),
    [
      '1:1 contract: is missing: write how the interface is known',
      '5:1 contrat: unknown key; did you mean "contract"?',
    ],
  ],
  [
    'a value that is none of those',
    withText('kind: private', 'kind: privat'),
    ['4:7 kind: must be one of private, public, standard; did you mean "private"?'],
  ],
  ['another version', withText('version: 1', 'version: 2'), ['1:10 version: must be 1']],
  [
    'two errors at once',
    withText('id: acme', 'id: Acme').replace('begins', 'begins('),
    [
      '2:5 id: must be small letters, digits and dashes, as acme-clinic',
      '17:17 record.start: is no JSONata: expected ")" before end of expression',
    ],
  ],
  [
    'an expression that cannot be read, beside a name that is nothing',
    withText('begins', 'begins(').replace('path: /status', 'path: "/{{ mark }}"'),
    [
      '12:25 check.request.path: there is no mark here; there is settings',
      '17:17 record.start: is no JSONata: expected ")" before end of expression',
    ],
  ],
  [
    'an expression in quotes',
    withText('minutes: length', 'minutes: "20 + + 5"'),
    ['18:18 record.minutes: is no JSONata: the symbol "+" cannot be used as a unary operator'],
  ],
  [
    'an expression in a block of lines',
    withText('start: begins', 'start: |-\n    begins\n    & end end'),
    ['19:11 record.start: is no JSONata: syntax error: "end"'],
  ],
  [
    'a template with an expression that is none',
    withText('path: /list', 'path: "/list/{{ a b }}"'),
    ['21:36 read.lists[0].request.path: is no JSONata: syntax error: "b"'],
  ],
  [
    'a template that does not end',
    withText('path: /list', 'path: "/list/{{ a"'),
    ['21:31 read.lists[0].request.path: has {{ without }}'],
  ],
  [
    'a name that is nothing there',
    withText('path: /list', 'path: "/list/{{ calender }}"').replace('read:', 'read:\n  per: calendar'),
    ['22:34 read.lists[0].request.path: there is no calender here; did you mean "calendar"?'],
  ],
  [
    'a name of somewhere else',
    withText('path: /list', 'path: "/list/{{ mark }}"'),
    ['21:34 read.lists[0].request.path: there is no mark here; there is settings, window'],
  ],
  [
    'a setting that is none',
    withText('path: /list', 'path: "/{{ settings.adress }}"'),
    ['21:29 read.lists[0].request.path: there is no setting adress; did you mean "address"?'],
  ],
  [
    'a secret in an address',
    withText('path: /list', 'path: "/{{ settings.key }}"'),
    ['21:29 read.lists[0].request.path: key is a secret, which only authentication and webhook may use'],
  ],
  [
    'a secret that is written out',
    withText('token: key', 'token: abc-123'),
    ['10:40 authentication.token: must name a setting of type secret; there is key'],
  ],
  [
    'a setting that is no secret',
    withText('token: key', 'token: address'),
    ['10:40 authentication.token: must name a setting of type secret; there is key'],
  ],
  [
    'another way to authenticate',
    withText('type: bearer', 'type: bearr'),
    [
      '10:25 authentication.type: must be one of bearer, basic, header, query, oauth2; did you mean "bearer"?',
    ],
  ],
  [
    'a function that there is not',
    withText('begins', '$upercase(begins)').replace(
      'path: /list',
      'path: "/{{ $locl(window.start, \'YYYY\') }}"',
    ),
    [
      '17:10 record.start: there is no $upercase here; did you mean "$uppercase"?',
      '21:29 read.lists[0].request.path: there is no $locl here; did you mean "$local"?',
    ],
  ],
  [
    'a format that is none, of what is written',
    withText('path: /list', 'path: "/{{ $local(window.start, \'YYYY-mm-dd\') }}"'),
    [
      '21:51 read.lists[0].request.path: the format has "d": write it of YYYY, MM, DD, HH, mm, ss and what stands between',
    ],
  ],
  [
    'a variable of somewhere else',
    withText('begins', '$answer.begins')
      .replace('rows: rows', 'rows: $answer.rows')
      .replace('length', '$now()'),
    [
      '18:12 record.minutes: there is no $now here; did you mean "$not"?',
      '22:13 read.lists[0].rows: there is no $answer here',
    ],
  ],
  [
    'an address that is none',
    withText('"{{ settings.address }}"', 'acme.example'),
    ['9:7 base: is no address: write as https://host/path, or {{ settings.name }} at its beginning'],
  ],
  [
    'an address by a secret',
    withText('"{{ settings.address }}"', '"https://x/{{ settings.key }}"'),
    ['9:7 base: there is no setting key for an address; there is address'],
  ],
  [
    'a path that does not begin',
    withText('path: /status', 'path: status'),
    ['12:20 check.request.path: must begin with /'],
  ],
  ['no end', withText('  minutes: length\n', ''), ['13:1 record: must have one of end and minutes']],
  [
    'two ends',
    withText('minutes: length', 'minutes: length\n  end: ends'),
    ['13:1 record: must have one of end and minutes'],
  ],
  [
    'no calendar',
    withText('  calendar: doctor\n', ''),
    [
      '13:1 record: must have calendar, since one reading is of all of them (read.per: calendar reads each by itself)',
    ],
  ],
  [
    'a format that says no time',
    withText('start: begins', 'start: { from: begins, local: YYYY-MM-DD }'),
    ['17:33 record.start.local: must have YYYY, MM, DD, HH and mm, so that it says a time'],
  ],
  [
    'a format with unknown parts',
    withText('start: begins', 'start: { from: begins, local: yyyy-MM-DD HH:mm }'),
    ['17:33 record.start.local: has "y": write it of YYYY, MM, DD, HH, mm, ss and what stands between'],
  ],
  [
    'codes that mean nothing',
    withText('kind: slot', 'kind: { code: type }'),
    ['16:3 record.kind: must have one of is and map'],
  ],
  [
    'paging of no kind',
    withText('type: none', 'type: pages'),
    [
      '23:23 read.lists[0].paging.type: must be one of page, offset, cursor, link, none; did you mean "page"?',
    ],
  ],
  [
    'paging without its parameter',
    withText('type: none', 'type: page'),
    ['23:15 read.lists[0].paging.parameter: is missing: write the parameter that asks for a page'],
  ],
  [
    'a body that is sent by GET',
    withText('path: /list', 'path: /list, body: { a: 1 }'),
    ['21:7 read.lists[0].request: has a body, and GET takes none: write POST'],
  ],
  [
    '{{ }} without quotes in a body',
    withText('path: /list', 'path: /list, method: POST, body: { a: {{ window }} }'),
    ['21:56 read.lists[0].request.body.a: is no text to YAML: put {{ … }} in quotes'],
  ],
  [
    'a block without its end',
    `${WHOLE}${WRITE}`,
    [
      '25:3 write.block: needs unblock beside it',
      '25:3 write.block: must say how its answer names what it made: answer.record or answer.id',
    ],
  ],
  [
    'an expression of a body',
    `${WHOLE}${WRITE.replace('{{ start }}', '{{ strat }}')}  answer: { id: id }
  unblock: { request: { method: DELETE, path: /x } }
`,
    ['26:64 write.block.request.body.start: there is no strat here; did you mean "start"?'],
  ],
  [
    'a block that can neither be changed nor found',
    `${WHOLE}write:
  answer: { id: id }
  block: { request: { method: POST, path: /blocks } }
  unblock: { request: { method: DELETE, path: /x } }
`,
    [
      '26:3 write.block: needs change, or lookup to find what was made before, at a platform that knows no key',
    ],
  ],
  [
    'a key without a look-up',
    `${WHOLE}write:\n  key: { header: Idempotency-Key }\n`,
    ['25:3 write.key: needs lookup beside it: a write whose answer was lost is looked for by our mark'],
  ],
  [
    'a look-up of what is not read',
    `${WHOLE}lookup: { request: { path: /x }, rows: rows }\n`,
    ['24:1 lookup: looks for our mark, and record does not say where it stands: add record.mark'],
  ],
  [
    'a webhook that nobody signs',
    `${WHOLE}webhook: { signature: { header: X-Signature }, hint: {} }\n`,
    ['24:1 webhook: needs a setting webhookSecret of type secret, by which deliveries are signed'],
  ],
];

describe('a description that is wrong', () => {
  it('is not this one, nor an example', async () => {
    expect(problemsOf(WHOLE)).to.deep.equal([]);
    for (const name of ['regional-agenda', 'vendor-agenda', 'openings'])
      expect(problemsOf(await readFile(`${EXAMPLES_FOLDER}/${name}.yaml`, 'utf8')), name).to.deep.equal([]);
  });

  for (const [what, text, problems] of BROKEN)
    it(`is told of: ${what}`, () => expect(problemsOf(text)).to.deep.equal(problems));
});
