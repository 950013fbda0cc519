import { language } from '../i18n/current.ts';
import { issuesOf, Problem } from './problem.ts';

/** Every request of the console. It is of a session: what changes something carries the token that GET /auth/session gave. */

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;

export function carryToken(token: string): void {
  csrfToken = token;
}
/** @param listener is told as soon as an answer says that nobody is signed in any more. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export type SendOptions = {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** @throws Problem of every answer that is not 2xx, and where there is none. */
export async function send<Answer>(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
  const response = await answerTo(method, path, options);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

/** As `send`, of what is not JSON. @throws Problem */
export async function answerTo(
  method: string,
  path: string,
  { body, headers, signal }: SendOptions = {},
): Promise<Response> {
  const isFhir = path.startsWith('/fhir');
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      'accept-language': language(),
      ...(body === undefined
        ? {}
        : { 'content-type': isFhir ? 'application/fhir+json' : 'application/json' }),
      ...(method === 'GET' || csrfToken === null ? {} : { 'x-csrf-token': csrfToken }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Problem(0, []);
  });
  if (response.ok) return response;
  if (response.status === 401) onSignedOut();
  throw new Problem(response.status, issuesOf(await response.json().catch(() => null), response.status));
}
