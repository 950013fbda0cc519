import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { newSecret } from '../../../src/access/people/secrets.ts';
import { type Exchange, exchange } from '../harness/exchange.ts';
import { must, type Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';
import { anyText, percentEncoded, spoiltText } from '../inputs/text.ts';
import { openServer, type Server } from './server.ts';

/** The pages by which people sign in: forms, cookies, links and passkeys, of a stranger and of somebody who is signed in. */

/** Of a form that is sent from a page of ours; each is `token` and these fields. */
type Sent = Omit<Exchange, 'method' | 'headers'> & {
  readonly isStranger: boolean;
  readonly cookies: Readonly<Record<string, string>>;
};

const FORM = 'application/x-www-form-urlencoded';
const PASSWORD = 'quatre chevaux de granit';
const COOKIES = ['passerelle-session', 'passerelle-visitor', 'passerelle-device', 'passerelle-flow'];
const SECRET = 'x'.repeat(43);

/** By the path that it is sent to, what is usual in it. */
const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/auth/sign-in': { login: 'marie@clinique.example', password: PASSWORD, next: '/auth/account' },
  '/auth/second-factor': { code: '123456', next: '/' },
  '/auth/second-factor/passkey': { credential: '{}' },
  [`/auth/invitation/${SECRET}`]: { 'new-password': PASSWORD, repeat: PASSWORD },
  '/auth/account/password': { password: PASSWORD, 'new-password': 'x', repeat: 'x' },
  '/auth/account/sessions/end': { id: '00000000-0000-4000-8000-000000000001' },
  '/auth/account/totp': { code: '000 000' },
  '/auth/account/totp/remove': {},
  '/auth/account/passkeys/remove': { id: 'x' },
};
const PAGES = [
  ...[
    '/auth/sign-in?next=/auth/account&lang=fr',
    '/auth/sign-in?again&out',
    '/auth/second-factor',
    '/auth/account',
  ],
  ...[
    '/auth/account/second-factor',
    '/auth/session',
    `/auth/invitation/${SECRET}`,
    '/auth/oidc/start?next=/',
  ],
  '/auth/oidc/callback?state=x&code=y&iss=https%3A%2F%2Fx.example',
];
const WORDS = [
  '&',
  '=',
  '%00',
  '%0d%0a',
  '//',
  '\\',
  '@',
  '~',
  '.',
  'token=',
  'next=//x.example',
  ';',
  '"',
  '<x>',
];

const written = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${percentEncoded(value)}`)
    .join('&');

/** CBOR (RFC 8949) of a key that nobody has, for a host that is another: all of it is read before that is seen. */
const ATTESTATION = Buffer.concat([
  Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158a4', 'hex'),
  createHash('sha256').update('elsewhere.example').digest(),
  Buffer.from('4500000001', 'hex'),
  Buffer.alloc(16),
  Buffer.from('0020', 'hex'),
  Buffer.alloc(32, 7),
  Buffer.from('a5010203262001215820', 'hex'),
  Buffer.alloc(32, 8),
  Buffer.from('225820', 'hex'),
  Buffer.alloc(32, 9),
]);
/** Flipped, cut and lengthened: what CBOR says of lengths comes first in each part. */
const attestation = fc
  .tuple(
    fc.array(fc.tuple(fc.nat({ max: ATTESTATION.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 }),
    fc.oneof(fc.constant(ATTESTATION.length), fc.nat({ max: ATTESTATION.length })),
    fc.uint8Array({ maxLength: 16 }),
  )
  .map(([flips, length, tail]) => {
    const bytes = Buffer.from(ATTESTATION);
    for (const [at, byte] of flips) bytes[at] = byte;
    return Buffer.concat([bytes.subarray(0, length), tail]).toString('base64url');
  });

/** The challenge is put in as it is sent. */
const CHALLENGE = 'CHALLENGE';
const credential = attestation.chain((attestationObject) =>
  spoiltJson(
    [
      {
        ...{ id: SECRET, rawId: SECRET, type: 'public-key', clientExtensionResults: {} },
        response: { attestationObject, clientDataJSON: CHALLENGE, transports: ['usb'] },
      },
    ],
    { keys: ['id', 'rawId', 'type', 'response', 'attestationObject', 'clientDataJSON'], values: [CHALLENGE] },
  ),
);

const cookies = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...COOKIES), anyText([SECRET, `${SECRET}.x~y`])) },
);
const common = { isStranger: fc.boolean(), cookies };

const inputs: fc.Arbitrary<Sent> = fc.oneof(
  ...Object.entries(FORMS).map(([path, fields]) =>
    fc.record({
      ...common,
      path: fc.constant(path),
      body: fc.oneof(
        spoiltText([written(fields)], WORDS),
        ...Object.keys(fields).map((name) =>
          anyText([fields[name] ?? '']).map((value) => written({ ...fields, [name]: value })),
        ),
      ),
    }),
  ),
  fc.record({
    ...common,
    path: fc.constant('/auth/account/passkeys'),
    body: credential.map((text) => `name=x&credential=${percentEncoded(text)}`),
  }),
  fc.record({ ...common, path: spoiltText(PAGES, WORDS).map((path) => path.slice(0, 4_000)) }),
);

/** Who has signed in, or nobody; and what the forms of their pages have in them. */
type Browser = { readonly cookie: string; readonly token: string; readonly challenge: string };

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin', 'accept-language': 'en' };

async function browserOf(url: string, path: string, cookie: string): Promise<Browser> {
  const answer = await fetch(url + path, { headers: { cookie }, redirect: 'manual' });
  const text = await answer.text();
  const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  must(token !== '', `${path} has no form: ${answer.status} ${text}`);
  const challenge = /challenge&quot;:&quot;([^&]+)&quot;/.exec(text)?.[1] ?? '';
  return { cookie: cookieIn(answer) || cookie, token, challenge };
}

const cookieIn = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .filter((each) => !each.endsWith('='))
    .join('; ');

/** Somebody is added, and takes the invitation. @param url by the name of this machine, as passkeys want one. */
async function signedIn(url: string, { authorization }: Server): Promise<Browser> {
  const who = { login: `fuzz-${newSecret().slice(0, 8)}`, name: 'Marie', scopes: ['system/Slot.rs'] };
  const headers = { authorization, 'content-type': 'application/json' };
  const added = await fetch(`${url}/api/people`, { method: 'POST', headers, body: JSON.stringify(who) });
  const { invitation } = (await added.json()) as { invitation: { path: string } };
  const stranger = await browserOf(url, invitation.path, '');
  const fields = { token: stranger.token, 'new-password': PASSWORD, repeat: PASSWORD };
  const taken = await fetch(url + invitation.path, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
    headers: { ...SAME_ORIGIN, cookie: stranger.cookie },
  });
  must(taken.status === 303, `the invitation is not taken: ${taken.status}`);
  return browserOf(url, '/auth/account/second-factor', cookieIn(taken));
}

/** As the browser says it. */
const clientDataOf = (origin: string, challenge: string): string =>
  Buffer.from(JSON.stringify({ type: 'webauthn.create', challenge, origin, crossOrigin: false })).toString(
    'base64url',
  );

export const signIn: Target<Sent> = {
  name: 'sign-in',
  share: 1.5,
  needs: 'PostgreSQL',
  open: async () => {
    const server = await openServer();
    const { host, port } = new URL(server.url);
    const origin = `http://localhost:${port}`;
    const [stranger, member] = [
      await browserOf(origin, '/auth/sign-in', ''),
      await signedIn(origin, server),
    ] as const;
    must(member.challenge !== '' && host !== '', 'no passkey is offered');
    return {
      inputs,
      run: async ({ isStranger, path, body, cookies: more }) => {
        const browser = isStranger ? stranger : member;
        const others = Object.entries(more).map(([name, value]) => `${name}=${value}`);
        const headers = {
          ...{ ...SAME_ORIGIN, host: `localhost:${port}`, 'content-type': FORM },
          cookie: [browser.cookie, ...others].join('; ').slice(0, 6_000),
        };
        const sent = body
          ?.replaceAll(CHALLENGE, clientDataOf(origin, browser.challenge))
          .concat(`&token=${browser.token}`);
        const asked = { method: sent === undefined ? 'GET' : 'POST', path, headers };
        const { status, text } = await exchange(
          server.url,
          sent === undefined ? asked : { ...asked, body: sent },
        );
        must(status < 500, `answered ${status}: ${text}`);
        return String(status);
      },
      close: server.close,
    };
  },
};
