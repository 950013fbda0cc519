import fc from 'fast-check';
import { CompactSign } from 'jose';
import { TOKEN_PATH } from '../../../src/server/oauth.ts';
import type { Exchange } from '../harness/exchange.ts';
import type { Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';
import { anyText, percentEncoded, spoiltText } from '../inputs/text.ts';
import { CLIENT_ID, openServer, type Server } from './server.ts';

/** Who asks: assertions, whose signature is right whatever they say; bearer tokens, scopes, and tokens that are made by hand. */

/** An assertion is signed as it is sent, with the address and the time of then in these places. */
type Asked = Exchange & { readonly assertion?: string };

const [ADDRESS, SOON, NONCE] = ['AUD', 1_111_111_111, 'JTI'];
const CLAIMS = { iss: CLIENT_ID, sub: CLIENT_ID, aud: ADDRESS, exp: SOON, jti: NONCE };
const WORDS = {
  keys: ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'crit'],
  values: [[ADDRESS], CLIENT_ID, SOON, SOON + 0.000_5, 1e300, 'jti-\u0000', 'j'.repeat(501)],
};
const FORM = { 'content-type': 'application/x-www-form-urlencoded', authorization: '' };
const JSON_TYPE = { 'content-type': 'application/json' };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SCOPES = [
  'system/Slot.rs',
  'system/*.cruds',
  'user/Patient.read',
  'passerelle/status',
  'system/Slot.rs?x=1',
  'system/__proto__.r',
];
const TOKEN = { name: 'essai', scopes: ['system/Slot.rs'], organization: 'clinique-essai', expiresInDays: 1 };
/** The example of RFC 7515, appendix A.1. */
const JWT =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODB9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const NONE = 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJwcm9ncmFtIn0.';

const form = (scope: string, assertion: string): string =>
  Object.entries({
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    scope,
  })
    .map(([name, value]) => `${name}=${percentEncoded(value)}`)
    .join('&');

const post = { method: fc.constant('POST') };

const inputs: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({
    ...post,
    path: fc.constant(TOKEN_PATH),
    headers: fc.constant(FORM),
    assertion: spoiltJson([CLAIMS], WORDS),
    body: anyText(SCOPES),
  }),
  fc.record({
    ...post,
    path: fc.constant(TOKEN_PATH),
    headers: fc.constant(FORM),
    body: spoiltText([form('system/Slot.rs', JWT)], ['&', '=', '%00']),
  }),
  fc.record({
    ...post,
    path: fc.constant('/api/tokens'),
    headers: fc.constant(JSON_TYPE),
    body: spoiltJson([TOKEN], { keys: ['name', 'scopes', 'organization', 'expiresInDays'], values: SCOPES }),
  }),
  fc.record({
    ...post,
    path: anyText(['essai', 'x']).map((id) => `/api/tokens/${percentEncoded(id)}/revoke`),
  }),
  fc.record({
    method: fc.constant('GET'),
    path: fc.constantFrom('/fhir/Slot?_count=1', '/api/status', '/fhir/$bulk-publish', '/api/tokens'),
    headers: anyText([JWT, NONE]).map((token) => ({ authorization: `Bearer ${token.slice(0, 3_000)}` })),
  }),
);

let count = 0;
async function signed({ assertion, ...asked }: Asked, { url, key }: Server): Promise<Exchange> {
  if (assertion === undefined) return asked;
  count += 1;
  const claims = assertion
    .replaceAll(`"${ADDRESS}"`, `"${url}${TOKEN_PATH}"`)
    .replaceAll(String(SOON), String(Math.floor(Date.now() / 1_000) + 200))
    .replaceAll(`"${NONCE}"`, `"${count}"`);
  const jwt = await new CompactSign(Buffer.from(claims))
    .setProtectedHeader({ alg: key.publicJwk.alg ?? '', kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey);
  return { ...asked, body: form(asked.body ?? '', jwt) };
}

export const access: Target<Asked> = {
  name: 'access',
  share: 1.5,
  needs: 'PostgreSQL',
  open: async () => {
    const server = await openServer();
    return {
      inputs,
      run: async (asked) => {
        const sent = await signed(asked, server);
        // An assertion is used up, whatever else was wrong.
        return asked.path === TOKEN_PATH ? server.ask(sent) : server.askAside(sent);
      },
      close: server.close,
    };
  },
};
