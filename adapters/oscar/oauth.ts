import { createHmac } from 'node:crypto';

/** OAuth 1.0a, as RFC 5849: the signature of a request whose body is JSON, which is no part of it (section 3.4.1.3.1). */

export type Credentials = {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: string;
  readonly tokenSecret: string;
};

export type SignedRequest = {
  readonly method: string;
  /** With its query, as the server believes to have it. */
  readonly url: string;
  /** Never the same twice. */
  readonly nonce: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
};

/** The value of the header Authorization (section 3.5.1). */
export function authorization(request: SignedRequest, credentials: Credentials): string {
  const parameters = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_token: credentials.token,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(request.timestamp),
    oauth_nonce: request.nonce,
  };
  const signature = signatureOf(request, Object.entries(parameters), credentials);
  const all = Object.entries({ ...parameters, oauth_signature: signature });
  return `OAuth ${all.map(([name, value]) => `${name}="${encoded(value)}"`).join(', ')}`;
}

type Parameter = readonly [name: string, value: string];

/** HMAC-SHA1 (section 3.4.2), the one method that OSCAR takes besides PLAINTEXT. @param parameters without the query's. */
export function signatureOf(
  { method, url }: Pick<SignedRequest, 'method' | 'url'>,
  parameters: readonly Parameter[],
  { consumerSecret, tokenSecret }: Pick<Credentials, 'consumerSecret' | 'tokenSecret'>,
): string {
  const { origin, pathname, searchParams } = new URL(url);
  const text = [method.toUpperCase(), `${origin}${pathname}`, normalized([...searchParams, ...parameters])];
  return createHmac('sha1', `${encoded(consumerSecret)}&${encoded(tokenSecret)}`)
    .update(text.map(encoded).join('&'))
    .digest('base64');
}

/** Section 3.4.1.3.2: encoded, then ordered by bytes. */
function normalized(parameters: readonly Parameter[]): string {
  const pairs = parameters.map(([name, value]) => [encoded(name), encoded(value)] as const);
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return pairs
    .sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map((pair) => pair.join('='))
    .join('&');
}

/** Section 3.6: all but the unreserved characters of RFC 3986, of which encodeURIComponent spares five too many. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
